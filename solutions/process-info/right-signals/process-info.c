/*
 * Signals only: the child says with SIGUSR1 that it has spoken, the kernel
 * with SIGCHLD that it is dead; main waits for both with sigwaitinfo.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void await(int number, pid_t from)
{
	siginfo_t info;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, number);
	do {
		if (sigwaitinfo(&set, &info) < 0)
			continue;
	} while (info.si_signo != number || info.si_pid != from);
}

static _Noreturn void child(const sigset_t *mask)
{
	printf("%d is running爹是 %d\n", getpid(), getppid());
	fflush(stdout);
	kill(getppid(), SIGUSR1);
	sigprocmask(SIG_SETMASK, mask, NULL);
	sleep(3);
	printf("%d is done爹是 %d\n", getpid(), getppid());
	exit(EXIT_SUCCESS);
}

int main(int argc, char **argv)
{
	sigset_t block, old;
	pid_t pid;

	if (argc != 1) {
		fprintf(stderr, "usage: %s\n", argv[0]);
		return 2;
	}
	sigemptyset(&block);
	sigaddset(&block, SIGUSR1);
	sigaddset(&block, SIGCHLD);
	sigprocmask(SIG_BLOCK, &block, &old);
	pid = fork();
	if (pid < 0) {
		perror("fork");
		return 1;
	}
	if (pid == 0)
		child(&old);
	await(SIGUSR1, pid);
	printf("is_alive True\n");
	kill(pid, SIGTERM);
	await(SIGCHLD, pid);
	printf("is_alive False\n");
	waitpid(pid, NULL, 0);
	printf("主%d爹是 %d\n", getpid(), getppid());
	return EXIT_SUCCESS;
}
