/*
 * The handler of SIGCHLD reaps and remembers; main sleeps in sigsuspend.
 * The child writes its first line straight to the descriptor, and main
 * learns of it through a FIFO-like socket.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t alive;

static void child_ended(int number)
{
	int error = errno;

	(void)number;
	if (waitpid(-1, NULL, WNOHANG) > 0)
		alive = 0;
	errno = error;
}

static void say(const char *format, pid_t own, pid_t parent)
{
	char line[64];
	int length = snprintf(
		line, sizeof(line), format, (int)own, (int)parent);

	if (write(STDOUT_FILENO, line, length) != length)
		_exit(1);
}

int main(int argc, char **argv)
{
	struct sigaction action;
	sigset_t child_signal, old;
	int link[2];
	char text[6];
	pid_t pid;

	if (argc != 1) {
		fprintf(stderr, "usage: %s\n", argv[0]);
		return 2;
	}
	memset(&action, 0, sizeof(action));
	action.sa_handler = child_ended;
	action.sa_flags = SA_RESTART | SA_NOCLDSTOP;
	sigaction(SIGCHLD, &action, NULL);
	sigemptyset(&child_signal);
	sigaddset(&child_signal, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child_signal, &old);
	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, link) < 0) {
		perror("socketpair");
		return 1;
	}
	alive = 1;
	pid = fork();
	if (pid < 0) {
		perror("fork");
		return 1;
	}
	if (pid == 0) {
		sigprocmask(SIG_SETMASK, &old, NULL);
		say("%d is running爹是 %d\n", getpid(), getppid());
		send(link[1], "ready", 6, 0);
		sleep(3);
		say("%d is done爹是 %d\n", getpid(), getppid());
		_exit(0);
	}
	recv(link[0], text, sizeof(text), 0);
	say(alive ? "is_alive True\n" : "is_alive False\n", 0, 0);
	kill(pid, SIGTERM);
	while (alive)
		sigsuspend(&old);
	say("is_alive False\n", 0, 0);
	say("主%d爹是 %d\n", getpid(), getppid());
	return 0;
}
