/*
 * The way of Python's multiprocessing: a handler run at the parent's exit
 * terminates the children that are daemons and joins them.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t daemon_process;

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

static void end_daemon(void)
{
	kill(daemon_process, SIGTERM);
	waitpid(daemon_process, NULL, 0);
}

static void eunuch(unsigned life)
{
	printf("老太监活着\n");
	sleep(life);
	printf("老太监正常死亡\n");
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

	daemon_process = fork();
	if (daemon_process == 0) {
		eunuch(child_seconds);
		exit(0);
	}
	if (daemon_process < 0) {
		perror("fork");
		exit(1);
	}
	atexit(end_daemon);
	sleep(parent_seconds);
	printf("皇帝正在死亡\n");
	exit(0);
}
