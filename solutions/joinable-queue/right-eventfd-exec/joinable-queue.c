/*
 * posix_spawn of the program itself.  The queue is a pipe, done is an eventfd
 * in semaphore mode, the consumers watch main by a pidfd in a thread.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

#define IN 20
#define OUT 21
#define DONE 22

static const char *const N[3][5] = {
	{"大海", "中海", "小海", "东海", "西海"},
	{"包子", "辣椒炒肉", "土豆丝", "馒头", "面条"},
	{"夏洛", "西施", "貂蝉", "昭君", "玉环"},
};

static long parse(const char *s, long least)
{
	char *e;
	long v = strtol(s, &e, 10);

	if (e == s || *e || v < least || (least && v > 5)) {
		fprintf(stderr, "joinable-queue: %s?\n", s);
		exit(2);
	}
	return v;
}

static void pause_a_while(void)
{
	struct timespec t = {1 + rand() % 2, rand() % 1000 * 1000000L};

	nanosleep(&t, NULL);
}

static void cook(int p, int items)
{
	for (int k = 0; k < items; k++) {
		int record[2] = {p, k};

		pause_a_while();
		if (write(OUT, record, sizeof record) < 0)
			exit(1);
		printf("厨师%s生产了%s%d\n", N[0][p], N[1][p], k);
	}
}

static void *watch(void *fd)
{
	struct pollfd p = {*(int *)fd, POLLIN, 0};

	while (poll(&p, 1, -1) < 1)
		;
	_exit(0);
}

static void guest(int c, pid_t parent)
{
	static int fd;
	pthread_t watcher;
	int record[2];
	uint64_t one = 1;

	fd = (int)syscall(SYS_pidfd_open, parent, 0);
	if (fd < 0 || getppid() != parent)
		return;
	pthread_create(&watcher, NULL, watch, &fd);
	while (read(IN, record, sizeof record) > 0) {
		pause_a_while();
		printf("吃货%s吃了%s%d\n", N[2][c], N[1][record[0]], record[1]);
		fflush(stdout);
		if (write(DONE, &one, sizeof one) < 0)
			return;
	}
}

static pid_t start(const char *role, int i, const char *items)
{
	char number[8], parent[16];
	char *argv[] = {"joinable-queue", (char *)role, number, (char *)items,
		parent, NULL};
	pid_t pid;

	sprintf(number, "%d", i);
	sprintf(parent, "%d", getpid());
	if (posix_spawn(&pid, "/proc/self/exe", NULL, NULL, argv, environ))
		exit(1);
	return pid;
}

int main(int argc, char **argv)
{
	long p = 3, c = 2;
	const char *items = "10";
	struct timespec a, b;
	uint64_t one;
	int ends[2];
	pid_t cooks[5];

	clock_gettime(CLOCK_MONOTONIC, &a);
	if (argc == 5 && argv[1][0] == '+') {
		srand(getpid());
		if (argv[1][1] == 'c')
			cook(atoi(argv[2]), atoi(argv[3]));
		else
			guest(atoi(argv[2]), atoi(argv[4]));
		return 0;
	}
	if (argc == 4) {
		p = parse(argv[1], 1);
		c = parse(argv[2], 1);
		parse(argv[3], 0);
		items = argv[3];
	} else if (argc != 1) {
		fprintf(stderr, "usage: PRODUCERS CONSUMERS ITEMS\n");
		return 2;
	}
	if (pipe(ends))
		return 1;
	dup2(ends[0], IN);
	dup2(ends[1], OUT);
	dup2(eventfd(0, EFD_SEMAPHORE), DONE);
	for (int i = 0; i < p; i++)
		cooks[i] = start("+cook", i, items);
	for (int i = 0; i < c; i++)
		start("+guest", i, items);
	for (int i = 0; i < p; i++)
		waitpid(cooks[i], NULL, 0);
	for (long i = 0; i < p * atol(items); i++)
		if (read(DONE, &one, sizeof one) < 0)
			return 1;
	clock_gettime(CLOCK_MONOTONIC, &b);
	b.tv_sec -= a.tv_sec;
	if ((b.tv_nsec -= a.tv_nsec) < 0) {
		b.tv_nsec += 1000000000;
		b.tv_sec--;
	}
	printf("主 %ld.%02ld\n", (long)b.tv_sec, b.tv_nsec / 10000000);
	return 0;
}
