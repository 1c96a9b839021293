/*
 * A lifeline pipe from parent to child: when the parent is gone the child's
 * poll reports it, otherwise the timeout is its natural end.
 */
#include <poll.h>
#include <signal.h>
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

static int eunuch(int lifeline, unsigned life)
{
	struct pollfd watch = {.fd = lifeline, .events = POLLIN};

	puts("老太监活着");
	if (poll(&watch, 1, life * 1000) == 0)
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

	signal(SIGCHLD, SIG_IGN);
	if (pipe(lifeline) < 0) {
		perror("pipe");
		return 1;
	}
	switch (fork()) {
	case -1:
		perror("fork");
		return 1;
	case 0:
		return eunuch(lifeline[0], child_seconds);
	}
	close(lifeline[0]);
	sleep(parent_seconds);
	puts("皇帝正在死亡");
	return 0;
}
