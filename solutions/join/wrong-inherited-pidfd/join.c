/*
 * Ends are counted by epoll on pidfds.  A pidfd that main has closed is still
 * open in the children made after it, so epoll reports it again and one end
 * is counted twice.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void start(int poller, int i)
{
	struct epoll_event event = {.events = EPOLLIN};
	pid_t pid = fork();

	if (pid == 0) {
		printf("大海%d is running\n", i);
		fflush(stdout);
		sleep(i);
		printf("大海%d is done\n", i);
		exit(0);
	}
	event.data.fd = (int)syscall(SYS_pidfd_open, pid, 0);
	epoll_ctl(poller, EPOLL_CTL_ADD, event.data.fd, &event);
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "concurrent";
	char *end = "";
	long n = argc > 2 ? strtol(argv[2], &end, 10) : 4;
	double begin = now();
	int poller = epoll_create1(0), next = 1, living = 0;
	int most = strcmp(mode, "serial") == 0 ? 1 : (int)n;

	if (argc == 2 || argc > 3 || *end != '\0' || n < 1) {
		fprintf(stderr, "usage: join concurrent|serial N\n");
		return 2;
	}
	while (next <= n || living > 0) {
		struct epoll_event event;
		siginfo_t info;

		while (next <= n && living < most) {
			start(poller, next++);
			living++;
		}
		if (epoll_wait(poller, &event, 1, -1) != 1)
			continue;
		waitid(P_PIDFD, event.data.fd, &info, WEXITED);
		close(event.data.fd);
		living--;
	}
	printf("主 %.3f\n", now() - begin);
	return 0;
}
