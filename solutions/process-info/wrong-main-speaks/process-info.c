/*
 * Main knows the child's number and its own, and says the child's first line
 * in its place.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	(void)argv;
	if (argc != 1) {
		fprintf(stderr, "process-info takes no arguments\n");
		return 2;
	}

	pid_t child = fork();

	if (child < 0) {
		perror("fork");
		return 1;
	}
	if (child == 0) {
		sleep(3);
		printf("%d is done爹是 %d\n", getpid(), getppid());
		return 0;
	}
	printf("%d is running爹是 %d\n", child, getpid());
	printf("is_alive True\n");
	kill(child, SIGTERM);
	waitpid(child, NULL, 0);
	printf("is_alive False\n");
	printf("主%d爹是 %d\n", getpid(), getppid());
	return 0;
}
