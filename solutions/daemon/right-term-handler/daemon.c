/*
 * The parent asks with SIGTERM; the child's handler leaves at once with
 * _exit, so that nothing of "normal death" runs.  Lines go out by write(2).
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static void say(const char *line)
{
	if (write(STDOUT_FILENO, line, strlen(line)) < 0)
		_exit(1);
}

static void leave(int signal_number)
{
	_exit(128 + signal_number);
}

static int eunuch(unsigned life)
{
	struct sigaction action = {.sa_handler = leave};

	sigaction(SIGTERM, &action, NULL);
	say("老太监活着\n");
	sleep(life);
	say("老太监正常死亡\n");
	return 0;
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

	pid_t child = fork();

	if (child < 0) {
		perror("fork");
		return 1;
	}
	if (child == 0)
		return eunuch(child_seconds);
	sleep(parent_seconds);
	say("皇帝正在死亡\n");
	kill(child, SIGTERM);
	while (wait(NULL) > 0)
		;
	return 0;
}
