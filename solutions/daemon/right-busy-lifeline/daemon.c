/*
 * A lifeline that is not blocked on but read busily, without O_NONBLOCK's
 * usual companion poll(); main looks for its child a hundred times in a row.
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

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
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
	int line[2], i;
	double begin;
	char byte;
	pid_t pid;

	if (pipe(line) < 0)
		return 1;
	fcntl(line[0], F_SETFL, O_NONBLOCK);
	pid = fork();
	if (pid == 0) {
		close(line[1]);
		begin = now();
		say("老太监活着");
		while (now() < begin + (double)child)
			if (read(line[0], &byte, 1) == 0)
				exit(0);
		say("老太监正常死亡");
		exit(0);
	}
	close(line[0]);
	for (i = 0; i < 100; i++) {
		usleep(parent * 10000);
		waitpid(pid, NULL, WNOHANG);
	}
	say("皇帝正在死亡");
	return 0;
}
