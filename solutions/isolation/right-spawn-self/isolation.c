/*
 * posix_spawn of the program itself, as Python does it on some systems: the
 * child shares nothing with its parent and gets both numbers as arguments.
 */
#include <errno.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define CHILD "isolation-child"

extern char **environ;

int n = 100;

static int parse(const char *text, int *out)
{
	char *rest;
	long value;

	errno = 0;
	value = strtol(text, &rest, 10);
	if (*text == '\0' || *rest != '\0' || errno == ERANGE ||
		value < INT_MIN || value > INT_MAX)
		return -1;
	*out = (int)value;
	return 0;
}

static int child_main(char **argv)
{
	parse(argv[1], &n);
	parse(argv[2], &n);
	printf("子 %d\n", n);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	char start[12], target[12];
	char *child_argv[] = {CHILD, start, target, NULL};
	int value = 0, status, error;
	pid_t pid;

	if (strcmp(argv[0], CHILD) == 0)
		return child_main(argv);
	if ((argc != 1 && argc != 3) ||
		(argc == 3 &&
			(parse(argv[1], &n) != 0 || parse(argv[2], &value) != 0))) {
		fputs("usage: isolation START VALUE\n", stderr);
		return 2;
	}
	snprintf(start, sizeof(start), "%d", n);
	snprintf(target, sizeof(target), "%d", value);
	error = posix_spawn(
		&pid, "/proc/self/exe", NULL, NULL, child_argv, environ);
	if (error != 0) {
		fprintf(stderr, "posix_spawn: %s\n", strerror(error));
		return 1;
	}
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) ||
		WEXITSTATUS(status) != 0)
		return 1;
	printf("主 %d\n", n);
	return EXIT_SUCCESS;
}
