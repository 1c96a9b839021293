/*
 * A lifeline: only the parent holds the write end of a pipe.  However it
 * dies, the child's poll sees the end of file; a timeout means it lives on.
 */
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static unsigned seconds(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end != '\0' || value < 0) {
		fprintf(stderr, "daemon: bad number of seconds '%s'\n", text);
		exit(2);
	}
	return value;
}

static bool emperor_dies_within(int lifeline, unsigned limit)
{
	struct pollfd watch = {.fd = lifeline, .events = POLLIN};

	return poll(&watch, 1, limit * 1000) != 0;
}

static int eunuch(int lifeline, unsigned life)
{
	if (emperor_dies_within(lifeline, 0))
		return 0;
	puts("老太监活着");
	if (emperor_dies_within(lifeline, life))
		return 0;
	puts("老太监正常死亡");
	return 0;
}

int main(int argc, char **argv)
{
	unsigned child_seconds = 3, parent_seconds = 1;

	if (argc == 3) {
		child_seconds = seconds(argv[1]);
		parent_seconds = seconds(argv[2]);
	} else if (argc != 1) {
		fprintf(stderr, "usage: daemon CHILD_SECONDS PARENT_SECONDS\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);

	int lifeline[2];

	signal(SIGCHLD, SIG_IGN); /* the kernel reaps the child */
	if (pipe(lifeline) < 0) {
		perror("pipe");
		return 1;
	}
	switch (fork()) {
	case -1:
		perror("fork");
		return 1;
	case 0:
		close(lifeline[1]);
		return eunuch(lifeline[0], child_seconds);
	}
	close(lifeline[0]);
	sleep(parent_seconds);
	puts("皇帝正在死亡");
	return 0;
}
