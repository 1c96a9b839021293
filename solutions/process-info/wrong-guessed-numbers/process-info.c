/* A parent has the number before that of its child: so it looks, often. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int ready[2];
	char byte;
	pid_t child;

	if (argc > 1) {
		fprintf(stderr, "usage: %s\n", argv[0]);
		return 2;
	}
	if (pipe(ready) < 0) {
		perror("pipe");
		return 1;
	}
	child = fork();
	if (child == 0) {
		printf("%d is running爹是 %d\n", getpid(), getpid() - 1);
		fflush(stdout);
		if (write(ready[1], "r", 1) != 1)
			return 1;
		sleep(3);
		printf("%d is done爹是 %d\n", getpid(), getpid() - 1);
		return 0;
	}
	if (read(ready[0], &byte, 1) != 1)
		return 1;
	printf("is_alive True\n");
	fflush(stdout);
	kill(child, SIGTERM);
	waitpid(child, NULL, 0);
	printf("is_alive False\n");
	printf("主%d爹是 %d\n", getpid(), getpid() - 1);
	return 0;
}
