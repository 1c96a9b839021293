/*
 * As long as the child lives a second thread of it reads a pipe that only the
 * parent can write.  Life over, that thread is cancelled and not joined: it
 * may still be on its way out when the process ends.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
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

static void *watch(void *argument)
{
	int *lifeline = argument;
	char byte;

	read(*lifeline, &byte, 1);
	_exit(0);
}

static int eunuch(int lifeline, unsigned life)
{
	pthread_t watcher;

	if (pthread_create(&watcher, NULL, watch, &lifeline) != 0)
		return 1;
	printf("老太监活着\n");
	sleep(life);
	printf("老太监正常死亡\n");
	pthread_cancel(watcher);
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

	int lifeline[2];
	pid_t child;

	if (pipe(lifeline) < 0 || (child = fork()) < 0) {
		perror("daemon");
		return 1;
	}
	if (child == 0) {
		close(lifeline[1]);
		return eunuch(lifeline[0], child_seconds);
	}
	close(lifeline[0]);
	sleep(parent_seconds);
	printf("皇帝正在死亡\n");
	close(lifeline[1]);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return 0;
}
