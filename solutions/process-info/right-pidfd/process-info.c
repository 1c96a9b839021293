/*
 * A descriptor of the process: a signal through it, and poll to see whether
 * it is alive, which a zombie is not.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static bool is_alive(int pidfd, int milliseconds)
{
	struct pollfd watch = {.fd = pidfd, .events = POLLIN};

	return poll(&watch, 1, milliseconds) == 0;
}

static void tell_alive(bool alive)
{
	printf("is_alive %s\n", alive ? "True" : "False");
}

int main(int argc, char **argv)
{
	uint64_t count = 1;
	int started, pidfd;
	pid_t pid;

	if (argc != 1) {
		fprintf(stderr, "usage: %s\n", argv[0]);
		return 2;
	}
	started = eventfd(0, EFD_CLOEXEC);
	pid = fork();
	if (started < 0 || pid < 0) {
		perror("process-info");
		return 1;
	}
	if (pid == 0) {
		printf("%d is running爹是 %d\n", getpid(), getppid());
		fflush(stdout);
		if (write(started, &count, sizeof(count)) < 0)
			exit(1);
		sleep(3);
		printf("%d is done爹是 %d\n", getpid(), getppid());
		exit(0);
	}
	pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (pidfd < 0 || read(started, &count, sizeof(count)) < 0) {
		perror("process-info");
		kill(pid, SIGKILL);
		return 1;
	}
	tell_alive(is_alive(pidfd, 0));
	syscall(SYS_pidfd_send_signal, pidfd, SIGTERM, NULL, 0);
	tell_alive(is_alive(pidfd, 100));
	waitid(P_PID, pid, &(siginfo_t){0}, WEXITED);
	printf("主%d爹是 %d\n", getpid(), getppid());
	return 0;
}
