/*
 * vfork and exec of the program itself: the new image learns from its
 * arguments who its parent is, and asks the kernel to die with it.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
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

static int eunuch(char **argv)
{
	pid_t emperor = atoi(argv[1]);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != emperor)
		return 0;
	puts("老太监活着");
	fflush(stdout);
	sleep(atoi(argv[2]));
	puts("老太监正常死亡");
	return 0;
}

static pid_t start_eunuch(unsigned life)
{
	char emperor[16], lifetime[16];
	pid_t child;

	snprintf(emperor, sizeof(emperor), "%d", (int)getpid());
	snprintf(lifetime, sizeof(lifetime), "%u", life);
	child = vfork();
	if (child == 0) {
		execl("/proc/self/exe", "eunuch", emperor, lifetime, NULL);
		_exit(127);
	}
	return child;
}

int main(int argc, char **argv)
{
	if (strcmp(argv[0], "eunuch") == 0)
		return eunuch(argv);

	unsigned child_seconds = 3, parent_seconds = 1;

	if (argc == 3) {
		child_seconds = seconds(argv[1]);
		parent_seconds = seconds(argv[2]);
	} else if (argc != 1) {
		fprintf(stderr, "usage: daemon CHILD_SECONDS PARENT_SECONDS\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);

	pid_t child = start_eunuch(child_seconds);

	if (child < 0) {
		perror("vfork");
		return 1;
	}
	sleep(parent_seconds);
	puts("皇帝正在死亡");
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return 0;
}
