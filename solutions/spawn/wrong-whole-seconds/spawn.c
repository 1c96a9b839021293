/* The child looks at time() until it has gone on by SECONDS. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int seconds_of(const char *text)
{
	char *rest;
	long value;

	errno = 0;
	value = strtol(text, &rest, 10);
	return rest == text || *rest || errno || value < 0 ? -1 : (int)value;
}

static void child(const char *name, int seconds)
{
	time_t until = time(NULL) + seconds;

	printf("%s is running\n", name);
	fflush(stdout);
	while (time(NULL) < until)
		usleep(50000);
	printf("%s is done\n", name);
	exit(0);
}

int main(int argc, char **argv)
{
	const char *name = argc == 3 ? argv[1] : "大海";
	int seconds = argc == 3 ? seconds_of(argv[2]) : 3;
	pid_t pid;

	if (seconds < 0 || (argc != 1 && argc != 3)) {
		fprintf(stderr, "usage: spawn NAME SECONDS\n");
		return 2;
	}
	pid = fork();
	if (pid == 0)
		child(name, seconds);
	printf("主\n");
	fflush(stdout);
	waitpid(pid, NULL, 0);
	return 0;
}
