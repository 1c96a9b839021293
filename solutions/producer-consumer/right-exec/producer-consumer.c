/*
 * main starts this same program again for each role with posix_spawn(): a
 * consumer reads items from standard input, a producer writes them to fd 3.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ITEM_FD 3
#define SELF "/proc/self/exe"

extern char **environ;

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

static int producer(int p, int items)
{
	srand(getpid());
	for (int k = 0; k < items; k++) {
		int item[2] = {p, k};

		sleep(1 + rand() % 3);
		if (write(ITEM_FD, item, sizeof(item)) != sizeof(item))
			return 1;
		printf("厨师%s生产了%s%d\n", cooks[p], foods[p], k);
	}
	return 0;
}

static int consumer(int c)
{
	int item[2];

	srand(getpid());
	while (read(STDIN_FILENO, item, sizeof(item)) == sizeof(item)) {
		sleep(1 + rand() % 3);
		printf("吃货%s吃了%s%d\n", guests[c], foods[item[0]], item[1]);
	}
	return 0;
}

/* Runs "SELF ROLE WHO ITEMS" with FD as its descriptor TARGET. */
static pid_t start(const char *role, int who, int items, int fd, int target)
{
	posix_spawn_file_actions_t actions;
	char name[20], who_text[12], items_text[12];
	char *argv[] = {
		"producer-consumer", name, who_text, items_text, "child", NULL};
	pid_t pid;
	int error;

	strcpy(name, role);
	sprintf(who_text, "%d", who);
	sprintf(items_text, "%d", items);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fd, target);
	error = posix_spawn(&pid, SELF, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (error != 0) {
		fprintf(stderr, "%s: %s\n", SELF, strerror(error));
		exit(1);
	}
	return pid;
}

int main(int argc, char **argv)
{
	if (argc == 5 && strcmp(argv[1], "producer") == 0)
		return producer(atoi(argv[2]), atoi(argv[3]));
	if (argc == 5 && strcmp(argv[1], "consumer") == 0)
		return consumer(atoi(argv[2]));

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
	int pipe_fds[2];

	if (pipe2(pipe_fds, O_CLOEXEC) < 0)
		return 1;
	for (int c = 0; c < n[1]; c++)
		start("consumer", c, 0, pipe_fds[0], STDIN_FILENO);
	for (int p = 0; p < n[0]; p++)
		start("producer", p, n[2], pipe_fds[1], ITEM_FD);
	close(pipe_fds[1]);
	while (wait(NULL) > 0)
		;
	printf("主\n");
	return 0;
}
