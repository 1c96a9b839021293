/*
 * atoi takes everything for a number.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

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
	int serial = argc > 1 && strcmp(argv[1], "serial") == 0;
	int n = argc > 2 ? atoi(argv[2]) : 4;

	double begin = now();

	for (int i = 1; i <= n; i++) {
		start(i);
		if (serial)
			wait(NULL);
	}
	while (wait(NULL) > 0)
		;
	printf("主 %.3f\n", now() - begin);
	return 0;
}
