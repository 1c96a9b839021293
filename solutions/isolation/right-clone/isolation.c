/*
 * clone with nothing shared is fork with a function: no CLONE_VM, so the
 * child has memory of its own.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#define STACK (256 * 1024)

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

static int child(void *argument)
{
	n = *(const int *)argument;
	printf("子 %d\n", n);
	fflush(stdout);
	return 0;
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

	char *stack = malloc(STACK);
	pid_t pid;

	if (!stack) {
		perror("malloc");
		return 1;
	}
	pid = clone(child, stack + STACK, SIGCHLD, &value);
	if (pid < 0) {
		perror("clone");
		return 1;
	}
	while (waitpid(pid, NULL, 0) != pid)
		;
	free(stack);
	printf("主 %d\n", n);
	return 0;
}
