/*
 * Main does not look whether the child runs before it says so.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc != 1) {
		fprintf(stderr, "usage: %s\n", argv[0]);
		return 2;
	}

	pid_t child = fork();

	if (child < 0) {
		perror("fork");
		return 1;
	}
	if (child == 0) {
		printf("%d is running爹是 %d\n", getpid(), getppid());
		fflush(stdout);
		sleep(3);
		printf("%d is done爹是 %d\n", getpid(), getppid());
		return 0;
	}
	printf("is_alive True\n");
	usleep(100000);
	kill(child, SIGTERM);
	waitpid(child, NULL, 0);
	printf("is_alive False\n");
	printf("主%d爹是 %d\n", getpid(), getppid());
	return 0;
}
