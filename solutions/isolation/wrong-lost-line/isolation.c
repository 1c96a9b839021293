/*
 * _exit does not flush: the line is there on a terminal and lost in a pipe.
 */
#include <stdio.h>
#include <stdlib.h>
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

	if (fork() == 0) {
		n = value;
		printf("子 %d\n", n);
		_exit(0);
	}
	wait(NULL);
	printf("主 %d\n", n);
	return 0;
}
