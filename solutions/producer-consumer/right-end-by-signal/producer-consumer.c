/*
 * The end signal is a real one: SIGUSR1, blocked except while ppoll() waits
 * for the pipe.  A consumer that has got it empties the pipe and ends.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const cooks[] = {"大海", "中海", "小海", "东海", "西海"};
static const char *const foods[] = {
	"包子", "辣椒炒肉", "土豆丝", "馒头", "面条"};
static const char *const guests[] = {"夏洛", "西施", "貂蝉", "昭君", "玉环"};

static int parse(const char *text, int least)
{
	int value = 0;

	if (*text == '\0')
		return -1;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return -1;
		value = value * 10 + (*text - '0');
	}
	return value < least ? -1 : value;
}

static volatile sig_atomic_t finished;

static void on_finish(int signal)
{
	(void)signal;
	finished = 1;
}

static void produce(int out, int p, int count)
{
	for (int k = 0; k < count; k++) {
		int item[2] = {p, k};

		sleep(1 + rand() % 3);
		if (write(out, item, sizeof(item)) != sizeof(item))
			exit(1);
		printf("厨师%s生产了%s%d\n", cooks[p], foods[p], k);
	}
}

static void consume(int in, int c, const sigset_t *waiting)
{
	struct pollfd wait_in = {.fd = in, .events = POLLIN};
	int item[2];

	for (;;) {
		if (read(in, item, sizeof(item)) == sizeof(item)) {
			sleep(1 + rand() % 3);
			printf("吃货%s吃了%s%d\n", guests[c], foods[item[0]],
				item[1]);
		} else if (finished) {
			return;
		} else {
			ppoll(&wait_in, 1, NULL, waiting);
		}
	}
}

int main(int argc, char **argv)
{
	int n[3] = {3, 2, 10};

	if (argc != 1 && argc != 4) {
		fputs("usage: producer-consumer PRODUCERS CONSUMERS ITEMS\n",
			stderr);
		exit(2);
	}
	for (int i = 1; i < argc; i++) {
		n[i - 1] = parse(argv[i], i < 3);
		if (n[i - 1] < 0 || (i < 3 && n[i - 1] > 5)) {
			fprintf(stderr, "producer-consumer: bad argument %d\n",
				i);
			exit(2);
		}
	}
	struct sigaction action = {.sa_handler = on_finish};
	sigset_t blocked, waiting;
	pid_t cook[5], guest[5];
	int fds[2];

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	sigprocmask(SIG_BLOCK, &blocked, &waiting);
	sigaction(SIGUSR1, &action, NULL);
	if (pipe(fds) < 0)
		return 1;
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	for (int p = 0; p < n[0]; p++)
		if ((cook[p] = fork()) == 0) {
			srand(p);
			produce(fds[1], p, n[2]);
			exit(0);
		}
	for (int c = 0; c < n[1]; c++)
		if ((guest[c] = fork()) == 0) {
			srand(c);
			consume(fds[0], c, &waiting);
			exit(0);
		}
	for (int p = 0; p < n[0]; p++)
		waitpid(cook[p], NULL, 0);
	for (int c = 0; c < n[1]; c++)
		kill(guest[c], SIGUSR1);
	for (int c = 0; c < n[1]; c++)
		waitpid(guest[c], NULL, 0);
	printf("主\n");
	return 0;
}
