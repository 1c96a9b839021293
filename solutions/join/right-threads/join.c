/*
 * A thread of main looks after each child: it starts it and waits for it.
 * Nothing is in the buffer of standard output while another thread forks.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void *look_after(void *argument)
{
	int i = (int)(intptr_t)argument;
	pid_t child = fork();

	if (child == 0) {
		printf("大海%d is running\n", i);
		fflush(stdout);
		sleep(i);
		printf("大海%d is done\n", i);
		fflush(stdout);
		_exit(0);
	}
	if (child > 0)
		waitpid(child, NULL, 0);
	return NULL;
}

static void run(int n, int serial)
{
	pthread_t *threads = calloc(n, sizeof(*threads));

	for (int i = 0; i < n; i++) {
		pthread_create(&threads[i], NULL, look_after,
			(void *)(intptr_t)(i + 1));
		if (serial)
			pthread_join(threads[i], NULL);
	}
	for (int i = 0; i < n && !serial; i++)
		pthread_join(threads[i], NULL);
	free(threads);
}

int main(int argc, char **argv)
{
	struct timespec a, b;
	int n = 4, serial = 0;

	if (argc == 3) {
		char *end;
		long value = strtol(argv[2], &end, 10);

		n = end == argv[2] || *end ? 0 : (int)value;
		serial = strcmp(argv[1], "serial") == 0;
	}
	if ((argc != 1 && argc != 3) || n <= 0) {
		fputs("usage: join MODE N\n", stderr);
		return 2;
	}
	clock_gettime(CLOCK_REALTIME, &a);
	run(n, serial);
	clock_gettime(CLOCK_REALTIME, &b);
	printf("主 %.2f\n", (double)(b.tv_sec - a.tv_sec) +
				    (double)(b.tv_nsec - a.tv_nsec) / 1e9);
	return 0;
}
