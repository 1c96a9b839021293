/*
 * Serial: a child is made in a call that returns when it has ended.
 * Concurrent: each call starts one, makes the others by calling itself, and
 * waits for its own on the way back.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

typedef enum { CONCURRENT, SERIAL } Mode;

static Mode mode = CONCURRENT;

static void work(int i)
{
	struct timeval rest = {i, 0};

	printf("大海%d ", i);
	printf("is running\n");
	select(0, NULL, NULL, NULL, &rest);
	printf("大海%d ", i);
	printf("is done\n");
}

static void all_from(int i, int n)
{
	pid_t pid;

	if (i > n)
		return;
	pid = fork();
	if (pid == 0) {
		work(i);
		exit(0);
	}
	if (mode == CONCURRENT)
		all_from(i + 1, n);
	waitpid(pid, NULL, 0);
	if (mode == SERIAL)
		all_from(i + 1, n);
}

int main(int argc, char *argv[])
{
	struct timespec start, stop;
	int n = 4;

	if (argc != 1) {
		const char *c = argc == 3 ? argv[2] : "";

		for (n = 0; isdigit((unsigned char)*c); c++)
			n = n * 10 + *c - '0';
		if (*c || n == 0) {
			fprintf(stderr, "%s concurrent|serial N\n", argv[0]);
			return 2;
		}
		if (!strcmp(argv[1], "serial"))
			mode = SERIAL;
	}
	clock_gettime(CLOCK_BOOTTIME, &start);
	all_from(1, n);
	clock_gettime(CLOCK_BOOTTIME, &stop);
	stop.tv_nsec += 50000000; /* rounded to tenths */
	stop.tv_sec -= start.tv_sec;
	stop.tv_nsec -= start.tv_nsec;
	if (stop.tv_nsec < 0) {
		stop.tv_nsec += 1000000000;
		stop.tv_sec--;
	}
	stop.tv_sec += stop.tv_nsec / 1000000000;
	stop.tv_nsec %= 1000000000;
	printf("主 %ld.%ld\n", (long)stop.tv_sec, stop.tv_nsec / 100000000);
	return 0;
}
