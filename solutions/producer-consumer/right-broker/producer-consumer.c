/*
 * A broker process owns the queue and serves pipes with poll(): items come in
 * on one, requests of consumers on another, each consumer has a pipe of its
 * own for the answer.  The broker closes an answer pipe to end a consumer.
 */
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST 5

struct item {
	int producer;
	int number;
};

static const char *const cooks[] = {"大海", "中海", "小海", "东海", "西海"};
static const char *const foods[] = {
	"包子", "辣椒炒肉", "土豆丝", "馒头", "面条"};
static const char *const guests[] = {"夏洛", "西施", "貂蝉", "昭君", "玉环"};

static int in[2], requests[2], answers[MOST][2];
static int producers = 3, consumers = 2, items = 10;

/* The number in TEXT, or the end of the program when it is none. */
static int number(const char *text, long least, long most)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end != '\0' || value < least || value > most) {
		fprintf(stderr, "bad number '%s'\n", text);
		exit(2);
	}
	return (int)value;
}

static void *checked(void *memory)
{
	if (memory == NULL)
		exit(1);
	return memory;
}

static void write_all(int fd, const void *data, size_t size)
{
	if (write(fd, data, size) != (ssize_t)size)
		exit(1);
}

/* Gives items to those that wait; at the end, lets them go. */
static void serve(
	struct item *queue, int *first, int last, bool *waiting, bool open)
{
	for (int c = 0; c < consumers; c++) {
		if (!waiting[c])
			continue;
		if (*first < last)
			write_all(answers[c][1], &queue[(*first)++],
				sizeof(*queue));
		else if (!open)
			close(answers[c][1]);
		else
			continue;
		waiting[c] = false;
	}
}

static void broker(void)
{
	struct item *queue =
		checked(calloc(producers * items + 1, sizeof(*queue)));
	struct pollfd fds[2] = {{in[0], POLLIN, 0}, {requests[0], POLLIN, 0}};
	bool waiting[MOST] = {false};
	int first = 0, last = 0;
	int open = 2;

	close(in[1]);
	close(requests[1]);
	while (open > 0) {
		poll(fds, 2, -1);
		if (fds[0].revents != 0) {
			if (read(in[0], &queue[last], sizeof(*queue)) > 0) {
				last++;
			} else {
				fds[0].fd = -1;
				open--;
			}
		}
		if (fds[1].revents != 0) {
			unsigned char who;

			if (read(requests[0], &who, 1) > 0) {
				waiting[who] = true;
			} else {
				fds[1].fd = -1;
				open--;
			}
		}
		serve(queue, &first, last, waiting, fds[0].fd >= 0);
	}
	free(queue);
}

static void produce(int p)
{
	struct item item = {.producer = p};

	close(requests[1]);
	srand(getpid());
	for (; item.number < items; item.number++) {
		sleep(1 + rand() % 3);
		write_all(in[1], &item, sizeof(item));
		printf("厨师%s生产了%s%d\n", cooks[p], foods[p], item.number);
	}
}

static void consume(int c)
{
	unsigned char me = c;
	struct item item;

	close(in[1]);
	for (int i = 0; i < consumers; i++)
		close(answers[i][1]);
	srand(getpid());
	for (;;) {
		write_all(requests[1], &me, 1);
		if (read(answers[c][0], &item, sizeof(item)) <= 0)
			return;
		sleep(1 + rand() % 3);
		printf("吃货%s吃了%s%d\n", guests[c], foods[item.producer],
			item.number);
	}
}

static void start_all(pid_t *cook)
{
	for (int p = 0; p < producers; p++) {
		cook[p] = fork();
		if (cook[p] == 0) {
			produce(p);
			exit(0);
		}
	}
	for (int c = 0; c < consumers; c++) {
		if (fork() == 0) {
			consume(c);
			exit(0);
		}
	}
	if (fork() == 0) {
		broker();
		exit(0);
	}
}

int main(int argc, char *argv[])
{
	pid_t cook[MOST];

	if (argc == 4) {
		producers = number(argv[1], 1, MOST);
		consumers = number(argv[2], 1, MOST);
		items = number(argv[3], 0, 100000);
	} else if (argc != 1) {
		fprintf(stderr, "usage: %s PRODUCERS CONSUMERS ITEMS\n",
			argv[0]);
		return 2;
	}
	if (pipe(in) < 0 || pipe(requests) < 0)
		return 1;
	for (int c = 0; c < consumers; c++)
		if (pipe(answers[c]) < 0)
			return 1;
	start_all(cook);
	close(requests[1]);
	for (int c = 0; c < consumers; c++)
		close(answers[c][1]);
	for (int p = 0; p < producers; p++)
		waitpid(cook[p], NULL, 0);
	close(in[1]);
	while (wait(NULL) > 0)
		;
	printf("主\n");
	return 0;
}
