/*
 * The child blocks in read() on a pipe until its parent is gone; SIGALRM
 * stands for the natural end of its life and its handler says so.
 */
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

static void old_age(int signal_number)
{
	static const char line[] = "老太监正常死亡\n";

	(void)signal_number;
	if (write(STDOUT_FILENO, line, sizeof(line) - 1) < 0)
		_exit(1);
	_exit(0);
}

static int eunuch(int lifeline, unsigned life)
{
	char byte;

	puts("老太监活着");
	signal(SIGALRM, old_age);
	if (life == 0)
		raise(SIGALRM);
	alarm(life);
	return read(lifeline, &byte, 1) != 0;
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

	if (pipe(lifeline) < 0) {
		perror("pipe");
		return 1;
	}
	child = fork();
	if (child < 0) {
		perror("fork");
		return 1;
	}
	if (child == 0) {
		close(lifeline[1]);
		return eunuch(lifeline[0], child_seconds);
	}
	sleep(parent_seconds);
	puts("皇帝正在死亡");
	close(lifeline[1]);
	waitpid(child, NULL, 0);
	return 0;
}
