/*
 * Threads in place of processes.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static void *body(void *argument)
{
	task((int)(intptr_t)argument);
	return NULL;
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

	pthread_t threads[n];

	for (int i = 1; i <= n; i++) {
		pthread_create(
			&threads[i - 1], NULL, body, (void *)(intptr_t)i);
		if (serial)
			pthread_join(threads[i - 1], NULL);
	}
	for (int i = 0; i < n && !serial; i++)
		pthread_join(threads[i], NULL);
	printf("主 %.3f\n", now() - begin);
	return 0;
}
