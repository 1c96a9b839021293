/*
 * The kernel kills the child when its parent dies (PR_SET_PDEATHSIG).
 * The parent may have died before the child asked for it: look again after.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

static unsigned seconds(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end != '\0' || value < 0) {
		fprintf(stderr, "daemon: bad number of seconds '%s'\n", text);
		exit(2);
	}
	return value;
}

static void eunuch(pid_t emperor, unsigned life)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		_exit(1);
	if (getppid() != emperor)
		_exit(0);
	puts("老太监活着");
	sleep(life);
	puts("老太监正常死亡");
	exit(0);
}

int main(int argc, char **argv)
{
	unsigned child_seconds = 3, parent_seconds = 1;

	if (argc == 3) {
		child_seconds = seconds(argv[1]);
		parent_seconds = seconds(argv[2]);
	} else if (argc != 1) {
		fprintf(stderr, "usage: daemon CHILD_SECONDS PARENT_SECONDS\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);

	pid_t emperor = getpid(), child;

	signal(SIGCHLD, SIG_IGN); /* the kernel reaps the child */
	child = fork();
	if (child < 0) {
		perror("fork");
		return 1;
	}
	if (child == 0)
		eunuch(emperor, child_seconds);

	sleep(parent_seconds);
	puts("皇帝正在死亡");
	return 0;
}
