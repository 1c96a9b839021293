/*
 * n lies in shared memory, so the child changes what main sees.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

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
	int start = 100, value = 0;

	if (argc == 3) {
		start = number(argv[1]);
		value = number(argv[2]);
	} else if (argc != 1) {
		fprintf(stderr, "usage: isolation START VALUE\n");
		return 2;
	}

	int *n = mmap(NULL, sizeof(*n), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (n == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	*n = start;

	if (fork() == 0) {
		*n = value;
		printf("子 %d\n", *n);
		exit(0);
	}
	wait(NULL);
	printf("主 %d\n", *n);
	return 0;
}
