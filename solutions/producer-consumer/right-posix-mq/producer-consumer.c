/*
 * A POSIX message queue of text messages; an empty message is the end.
 * The name is removed at once: the children inherit the descriptor.
 */
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LONGEST 64

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

static void die(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

static mqd_t open_queue(void)
{
	struct mq_attr attr = {.mq_maxmsg = 8, .mq_msgsize = LONGEST};
	char name[32];
	mqd_t queue;

	snprintf(name, sizeof(name), "/food-%d", (int)getpid());
	queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attr);
	if (queue == (mqd_t)-1)
		die("mq_open");
	mq_unlink(name);
	return queue;
}

static void produce(mqd_t queue, int p, int count)
{
	char food[LONGEST];

	for (int k = 0; k < count; k++) {
		sleep(1 + rand() % 3);
		snprintf(food, sizeof(food), "%s%d", foods[p], k);
		if (mq_send(queue, food, strlen(food) + 1, 0) < 0)
			die("mq_send");
		printf("厨师%s生产了%s\n", cooks[p], food);
	}
}

static void consume(mqd_t queue, int c)
{
	char food[LONGEST];

	for (;;) {
		ssize_t length = mq_receive(queue, food, sizeof(food), NULL);

		if (length < 0)
			die("mq_receive");
		if (length == 0)
			return;
		sleep(1 + rand() % 3);
		printf("吃货%s吃了%s\n", guests[c], food);
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
	mqd_t queue = open_queue();
	pid_t pids[5];

	for (int p = 0; p < n[0]; p++) {
		pids[p] = fork();
		if (pids[p] < 0)
			die("fork");
		if (pids[p] == 0) {
			srand(10 + p);
			produce(queue, p, n[2]);
			exit(EXIT_SUCCESS);
		}
	}
	for (int c = 0; c < n[1]; c++) {
		pid_t pid = fork();

		if (pid < 0)
			die("fork");
		if (pid == 0) {
			srand(20 + c);
			consume(queue, c);
			exit(EXIT_SUCCESS);
		}
	}
	for (int p = 0; p < n[0]; p++)
		waitpid(pids[p], NULL, 0);
	for (int c = 0; c < n[1]; c++)
		if (mq_send(queue, "", 0, 0) < 0)
			die("mq_send");
	for (int c = 0; c < n[1]; c++)
		wait(NULL);
	mq_close(queue);
	printf("主\n");
	return EXIT_SUCCESS;
}
