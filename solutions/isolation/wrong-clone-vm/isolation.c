/*
 * The child has a number of its own but works in main's memory; main puts the
 * old value back.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int n = 100, value;
static char stack[65536];

static int number(const char *text)
{
	char *end;
	long parsed = strtol(text, &end, 10);

	if (end == text || *end != '\0') {
		fprintf(stderr, "isolation: bad number '%s'\n", text);
		exit(2);
	}
	return parsed;
}

static int child(void *unused)
{
	(void)unused;
	n = value;
	dprintf(STDOUT_FILENO, "子 %d\n", n);
	_exit(0);
}

int main(int argc, char **argv)
{
	int start;

	if (argc == 3) {
		n = number(argv[1]);
		value = number(argv[2]);
	} else if (argc != 1) {
		fprintf(stderr, "usage: isolation START VALUE\n");
		return 2;
	}
	start = n;
	if (clone(child, stack + sizeof(stack), CLONE_VM | SIGCHLD, NULL) < 0) {
		perror("clone");
		return 1;
	}
	wait(NULL);
	n = start;
	dprintf(STDOUT_FILENO, "主 %d\n", n);
	return 0;
}
