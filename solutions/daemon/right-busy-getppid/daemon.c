/*
 * The child asks busily who its parent is and what time it is: wasteful, but it
 * is dead when main is.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long number(const char *text)
{
	char *end;
	long value;

	errno = 0;
	value = strtol(text, &end, 10);
	if (end == text || *end != '\0' || value < 0) {
		fprintf(stderr, "daemon: bad number '%s'\n", text);
		exit(2);
	}
	return value;
}

static void say(const char *line)
{
	printf("%s\n", line);
	fflush(stdout);
}

int main(int argc, char *argv[])
{
	long child = 3, parent = 1;

	if (argc == 3) {
		child = number(argv[1]);
		parent = number(argv[2]);
	} else if (argc != 1) {
		fprintf(stderr, "usage: daemon CHILD PARENT\n");
		return 2;
	}
	pid_t main_pid = getpid();
	struct timespec begin, now;
	pid_t pid = fork();

	if (pid == 0) {
		clock_gettime(CLOCK_MONOTONIC, &begin);
		say("老太监活着");
		do {
			if (getppid() != main_pid)
				exit(0);
			clock_gettime(CLOCK_MONOTONIC, &now);
		} while ((now.tv_sec - begin.tv_sec) * 1000000000L +
				now.tv_nsec - begin.tv_nsec <
			child * 1000000000L);
		say("老太监正常死亡");
		exit(0);
	}
	sleep(parent);
	while (waitpid(pid, NULL, WNOHANG) < 0 && errno == EINTR)
		;
	say("皇帝正在死亡");
	return 0;
}
