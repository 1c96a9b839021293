/*
 * A helper stands between: main starts it, it starts the child and passes
 * the child's PID on; its own end tells main that the child has been reaped.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int news[2];

static void child(void)
{
	pid_t own = getpid();

	printf("%d is running爹是 %d\n", own, getppid());
	fflush(stdout);
	if (write(news[1], &own, sizeof(own)) != sizeof(own))
		_exit(1);
	sleep(3);
	printf("%d is done爹是 %d\n", own, getppid());
}

static void helper(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		child();
		exit(0);
	}
	while (pid > 0 && waitpid(pid, NULL, 0) < 0)
		;
	exit(0);
}

int main(int argc, char **argv)
{
	pid_t pid, grandchild;

	if (argc != 1) {
		fprintf(stderr, "usage: %s\n", argv[0]);
		return 2;
	}
	if (pipe(news) < 0 || (pid = fork()) < 0) {
		perror("process-info");
		return 1;
	}
	if (pid == 0)
		helper();
	if (read(news[0], &grandchild, sizeof(grandchild)) !=
		sizeof(grandchild))
		return 1;
	printf("is_alive True\n");
	kill(grandchild, SIGTERM);
	waitpid(pid, NULL, 0);
	printf("is_alive False\n");
	printf("主%d爹是 %d\n", getpid(), getppid());
	return 0;
}
