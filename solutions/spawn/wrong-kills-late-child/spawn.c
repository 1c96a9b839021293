/*
 * Main gives its child a second more than it should need, and then kills it.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned seconds_of(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end != '\0' || value < 0) {
		fprintf(stderr, "spawn: bad number of seconds '%s'\n", text);
		exit(2);
	}
	return value;
}

static void task(const char *name, unsigned seconds)
{
	printf("%s is running\n", name);
	sleep(seconds);
	printf("%s is done\n", name);
}

int main(int argc, char **argv)
{
	const char *name = "大海";
	unsigned seconds = 3;

	if (argc == 3) {
		name = argv[1];
		seconds = seconds_of(argv[2]);
	} else if (argc != 1) {
		fprintf(stderr, "usage: spawn NAME SECONDS\n");
		return 2;
	}

	setvbuf(stdout, NULL, _IOLBF, 0);

	pid_t child = fork();

	if (child == 0) {
		task(name, seconds);
		return 0;
	}
	printf("主\n");
	sleep(seconds + 1);
	if (waitpid(child, NULL, WNOHANG) == 0) {
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
	return 0;
}
