/*
 * All are started before the first is waited for, whatever the mode.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int number(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end != '\0' || value < 1) {
		fprintf(stderr, "join: bad number '%s'\n", text);
		exit(2);
	}
	return (int)value;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static void task(int i)
{
	printf("大海%d is running\n", i);
	sleep(i);
	printf("大海%d is done\n", i);
}

static pid_t start(int i)
{
	pid_t child = fork();

	if (child < 0) {
		perror("fork");
		exit(1);
	}
	if (child == 0) {
		task(i);
		exit(0);
	}
	return child;
}

int main(int argc, char **argv)
{
	int n = 4, serial = 0;

	if (argc == 3) {
		serial = strcmp(argv[1], "serial") == 0;
		n = number(argv[2]);
	} else if (argc != 1) {
		fprintf(stderr, "usage: join MODE N\n");
		return 2;
	}

	double begin = now();

	(void)serial;
	for (int i = 1; i <= n; i++)
		start(i);
	while (wait(NULL) > 0)
		;
	printf("主 %.3f\n", now() - begin);
	return 0;
}
