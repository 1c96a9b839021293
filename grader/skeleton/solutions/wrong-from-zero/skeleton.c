/* Counts from 0. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char *end = "?";
	long count = argc == 2 ? strtol(argv[1], &end, 10) : 0;

	if (*end || count < 1) {
		fprintf(stderr, "usage: skeleton N\n");
		return 2;
	}
	for (long i = 0; i < count; i++) {
		pid_t pid = fork();

		if (pid < 0) {
			perror("fork");
			return 1;
		}
		if (pid == 0) {
			printf("child %ld: hello\n", i);
			return 0;
		}
	}
	while (wait(NULL) > 0)
		;
	printf("all %ld are done\n", count);
	return 0;
}
