/*
 * atoi takes anything for a number.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int n;

int main(int argc, char **argv)
{
	int value = 0;

	n = 100;
	if (argc == 3) {
		n = atoi(argv[1]);
		value = atoi(argv[2]);
	} else if (argc != 1) {
		fprintf(stderr, "usage: isolation START VALUE\n");
		return 2;
	}

	if (fork() == 0) {
		n = value;
		printf("子 %d\n", n);
		exit(0);
	}
	wait(NULL);
	printf("主 %d\n", n);
	return 0;
}
