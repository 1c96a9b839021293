/* Main looks every few milliseconds which of its children have ended. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int alive;

static void look(void)
{
	pid_t pid;

	do {
		pid = waitpid(-1, NULL, WNOHANG);
		if (pid > 0)
			alive--;
	} while (pid > 0);
}

static void start(int i)
{
	if (fork() == 0) {
		setvbuf(stdout, NULL, _IONBF, 0);
		printf("大海%d is running\n", i);
		for (int k = 0; k < 4 * i; k++)
			usleep(250000);
		printf("大海%d is done\n", i);
		_exit(0);
	}
	alive++;
}

int main(int argc, char **argv)
{
	bool serial = argc > 1 && !strcmp(argv[1], "serial");
	struct timespec a, b;
	char *end = "";
	int n = 4;

	if (argc == 3)
		n = (int)strtol(argv[2], &end, 10);
	if (argc == 2 || argc > 3 || *end || n <= 0) {
		fprintf(stderr, "usage: join MODE N\n");
		return 2;
	}
	clock_gettime(CLOCK_MONOTONIC, &a);
	for (int i = 1; i <= n || alive > 0;) {
		while (i <= n && (!serial || alive == 0))
			start(i++);
		usleep(5000);
		look();
	}
	clock_gettime(CLOCK_MONOTONIC, &b);
	printf("主 %.1f\n",
		(b.tv_sec - a.tv_sec) + (b.tv_nsec - a.tv_nsec) / 1e9);
	return 0;
}
