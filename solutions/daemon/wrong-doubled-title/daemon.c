/* "皇帝登基" is printed before fork and is still in the buffer there. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int seconds_of(const char *text)
{
	char *rest;
	long value;

	errno = 0;
	value = strtol(text, &rest, 10);
	if (rest == text || *rest || errno || value < 0) {
		fprintf(stderr, "daemon: '%s' are no seconds\n", text);
		exit(2);
	}
	return (int)value;
}

static void rest_for(int seconds)
{
	struct timespec left = {seconds, 0};

	while (nanosleep(&left, &left) < 0 && errno == EINTR)
		continue;
}

static int eunuch(pid_t emperor, int seconds)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != emperor)
		return 0;
	puts("老太监活着");
	fflush(stdout);
	rest_for(seconds);
	puts("老太监正常死亡");
	return 0;
}

int main(int argc, char **argv)
{
	int child = 3, parent = 1;
	pid_t emperor = getpid(), pid;

	if (argc == 3) {
		child = seconds_of(argv[1]);
		parent = seconds_of(argv[2]);
	} else if (argc != 1) {
		fprintf(stderr, "usage: daemon CHILD_SECONDS PARENT_SECONDS\n");
		return 2;
	}
	puts("皇帝登基");
	pid = fork();
	if (pid == 0)
		return eunuch(emperor, child);
	rest_for(parent);
	puts("皇帝正在死亡");
	fflush(stdout);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return 0;
}
