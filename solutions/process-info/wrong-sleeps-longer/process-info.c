/*
 * The child is to be terminated anyway, so it sleeps for an hour.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int ready[2];
	char byte;

	if (argc != 1) {
		fprintf(stderr, "usage: %s\n", argv[0]);
		return 2;
	}
	if (pipe(ready) < 0) {
		perror("pipe");
		return 1;
	}

	pid_t child = fork();

	if (child < 0) {
		perror("fork");
		return 1;
	}
	if (child == 0) {
		printf("%d is running爹是 %d\n", getpid(), getppid());
		fflush(stdout);
		if (write(ready[1], "x", 1) != 1)
			return 1;
		sleep(3600);
		printf("%d is done爹是 %d\n", getpid(), getppid());
		return 0;
	}
	if (read(ready[0], &byte, 1) != 1)
		return 1;
	printf("is_alive True\n");
	kill(child, SIGTERM);
	waitpid(child, NULL, 0);
	printf("is_alive False\n");
	printf("主%d爹是 %d\n", getpid(), getppid());
	return 0;
}
