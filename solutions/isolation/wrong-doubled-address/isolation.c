/* The address of n is shown before fork, which copies it with the buffer. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int n = 100;

static int integer(const char *text)
{
	char *rest;
	long value;

	errno = 0;
	value = strtol(text, &rest, 10);
	if (rest == text || *rest || errno || value < INT_MIN ||
		value > INT_MAX) {
		fprintf(stderr, "isolation: '%s' is no integer\n", text);
		exit(2);
	}
	return (int)value;
}

int main(int argc, char **argv)
{
	int value = 0;
	pid_t pid;

	if (argc != 1 && argc != 3) {
		fprintf(stderr, "usage: isolation START VALUE\n");
		return 2;
	}
	if (argc == 3) {
		n = integer(argv[1]);
		value = integer(argv[2]);
	}
	printf("address %p\n", (void *)&n);
	pid = fork();
	if (pid == 0) {
		n = value;
		printf("子 %d\n", n);
		return 0;
	}
	waitpid(pid, NULL, 0);
	printf("主 %d\n", n);
	return 0;
}
