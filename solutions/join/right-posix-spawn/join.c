/* Children are the program itself, started anew, in no order waited for. */
#include <errno.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "child.h"

extern char **environ;

static void usage(const char *why)
{
	fprintf(stderr, "join: %s\n", why);
	exit(2);
}

static void spawn(int i)
{
	char number[12];
	char *arguments[] = {CHILD_NAME, number, NULL};
	int error;

	snprintf(number, sizeof(number), "%d", i);
	error = posix_spawn(
		NULL, "/proc/self/exe", NULL, NULL, arguments, environ);
	if (error != 0) {
		fprintf(stderr, "join: %s\n", strerror(error));
		exit(1);
	}
}

int main(int argc, char **argv)
{
	struct timeval begin, end, passed;
	bool serial = false;
	char *rest = "";
	long n = 4;

	if (strcmp(argv[0], CHILD_NAME) == 0)
		return child_main(argv[1]);
	if (argc == 3) {
		serial = strcmp(argv[1], "serial") == 0;
		if (!serial && strcmp(argv[1], "concurrent") != 0)
			usage("MODE is concurrent or serial");
		n = strtol(argv[2], &rest, 10);
	} else if (argc != 1) {
		usage("MODE and N expected");
	}
	if (n < 1 || *rest)
		usage("N is a number from 1");
	gettimeofday(&begin, NULL);
	for (int i = 1; i <= n; i++) {
		spawn(i);
		if (serial)
			wait(NULL);
	}
	while (wait(NULL) > 0 || errno == EINTR)
		;
	gettimeofday(&end, NULL);
	timersub(&end, &begin, &passed);
	printf("主 %ld.%06ld\n", (long)passed.tv_sec, (long)passed.tv_usec);
	return 0;
}
