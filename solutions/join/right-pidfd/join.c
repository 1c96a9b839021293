/* A pidfd for each child; poll tells which of them have ended. */
#define _GNU_SOURCE
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MOST 1000

static struct pollfd ends[MOST];

static void start(int i)
{
	pid_t pid = fork();

	if (pid == 0) {
		dprintf(1, "大海%d is running\n", i);
		sleep(i);
		dprintf(1, "大海%d is done\n", i);
		_exit(0);
	}
	ends[i - 1].fd = (int)syscall(SYS_pidfd_open, pid, 0);
	ends[i - 1].events = POLLIN;
	if (pid < 0 || ends[i - 1].fd < 0)
		abort();
}

/* Takes those that have ended of the first COUNT; how many they are. */
static int take(int count)
{
	int taken = 0;
	siginfo_t info;

	poll(ends, count, -1);
	for (int i = 0; i < count; i++) {
		if (ends[i].fd < 0 || !(ends[i].revents & POLLIN))
			continue;
		waitid(P_PIDFD, ends[i].fd, &info, WEXITED);
		close(ends[i].fd);
		ends[i].fd = -1;
		taken++;
	}
	return taken;
}

static int parse(const char *text)
{
	int value = 0;

	if (strlen(text) == 0 || strspn(text, "0123456789") != strlen(text))
		return 0;
	sscanf(text, "%d", &value);
	return value <= MOST ? value : 0;
}

int main(int argc, char **argv)
{
	const char *mode = argc == 3 ? argv[1] : "concurrent";
	int n = argc == 3 ? parse(argv[2]) : 4, left = 0;
	time_t begin = time(NULL);

	if (n == 0 || (argc != 1 && argc != 3)) {
		dprintf(2, "usage: join MODE N\n");
		return 2;
	}
	for (int i = 1; i <= n; i++) {
		start(i);
		left++;
		while (left > 0 && strcmp(mode, "serial") == 0)
			left -= take(i);
	}
	while (left > 0)
		left -= take(n);
	dprintf(1, "主 %ld\n", (long)(time(NULL) - begin));
	return 0;
}
