/*
 * A descriptor of the child: poll tells that it has ended, waitid takes it.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int n;

static int number(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end != '\0') {
		fprintf(stderr, "isolation: bad number '%s'\n", text);
		exit(2);
	}
	return value;
}

int main(int argc, char **argv)
{
	int value = 0;

	n = 100;
	if (argc == 3) {
		n = number(argv[1]);
		value = number(argv[2]);
	} else if (argc != 1) {
		fprintf(stderr, "usage: isolation START VALUE\n");
		return 2;
	}

	pid_t child = fork();

	if (child < 0) {
		perror("fork");
		return 1;
	}
	if (child == 0) {
		n = value;
		printf("子 %d\n", n);
		exit(0);
	}

	struct pollfd watch = {
		.fd = (int)syscall(SYS_pidfd_open, child, 0), .events = POLLIN};
	siginfo_t info;

	if (watch.fd < 0) {
		perror("pidfd_open");
		return 1;
	}
	while (poll(&watch, 1, -1) < 1)
		;
	waitid(P_PID, child, &info, WEXITED);
	close(watch.fd);
	printf("主 %d\n", n);
	return 0;
}
