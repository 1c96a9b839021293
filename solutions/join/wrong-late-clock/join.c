/* The children are started first; then main looks at the clock and waits. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec * 1e-9;
}

static pid_t start(long i)
{
	pid_t pid = fork();

	if (pid == 0) {
		printf("大海%ld is running\n", i);
		fflush(stdout);
		sleep(i);
		printf("大海%ld is done\n", i);
		fflush(stdout);
		_exit(0);
	}
	return pid;
}

static double in_turn(long n)
{
	double begin = clock_now();

	for (long i = 1; i <= n; i++)
		waitpid(start(i), NULL, 0);
	return clock_now() - begin;
}

static double all_at_once(long n)
{
	pid_t *pids = calloc(n, sizeof(*pids));
	double begin;

	for (long i = 0; i < n; i++)
		pids[i] = start(i + 1);
	begin = clock_now();
	for (long i = 0; i < n; i++)
		waitpid(pids[i], NULL, 0);
	free(pids);
	return clock_now() - begin;
}

int main(int argc, char **argv)
{
	long n = 4;
	char *end = "";
	int serial = argc == 3 && !strcmp(argv[1], "serial");

	if (argc == 3)
		n = strtol(argv[2], &end, 10);
	if (n <= 0 || *end != '\0' || argc == 2 || argc > 3) {
		fputs("join: give a mode and a number of children\n", stderr);
		return 2;
	}
	printf("主 %.2f\n", serial ? in_turn(n) : all_at_once(n));
	return 0;
}
