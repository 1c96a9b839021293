/*
 * The child says that it is done; a moment later main takes its status, if it
 * has ended by then.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

static void pause_for(long seconds)
{
	struct timeval left = {.tv_sec = seconds};

	select(0, NULL, NULL, NULL, &left);
}

static long read_seconds(const char *text)
{
	long value;
	char rest;

	if (sscanf(text, "%ld%c", &value, &rest) != 1 || value < 0) {
		fprintf(stderr, "bad SECONDS: \"%s\"\n", text);
		exit(2);
	}
	return value;
}

int main(int argc, char **argv)
{
	const char *name = "大海";
	long seconds = 3;
	int line[2];
	char byte;

	if (argc != 3 && argc != 1) {
		fprintf(stderr, "usage: %s NAME SECONDS\n", argv[0]);
		exit(2);
	}
	if (argc == 3) {
		name = argv[1];
		seconds = read_seconds(argv[2]);
	}
	if (pipe(line) != 0)
		return 1;

	pid_t child = fork();

	if (child == 0) {
		close(line[0]);
		printf("%s is running\n", name);
		fflush(stdout);
		pause_for(seconds);
		printf("%s is done\n", name);
		fflush(stdout);
		return write(line[1], "x", 1) == 1 ? 0 : 1;
	}
	close(line[1]);
	printf("主\n");
	fflush(stdout);
	if (read(line[0], &byte, 1) != 1)
		return 1;
	usleep(1000);
	waitpid(child, NULL, WNOHANG);
	return 0;
}
