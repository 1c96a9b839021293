/*
 * Takes the first digit of a number for the number: 25 20 becomes 2 2.
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

	value = text[0] - '0';
	end = NULL;
	strtol(text, &end, 10);
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
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != main_pid)
			exit(0);
		say("老太监活着");
		sleep(child);
		say("老太监正常死亡");
		exit(0);
	}
	sleep(parent);
	while (waitpid(pid, NULL, WNOHANG) < 0 && errno == EINTR)
		;
	say("皇帝正在死亡");
	return 0;
}
