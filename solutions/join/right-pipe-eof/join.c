/*
 * All children of a batch hold the write end of one pipe: its end of file
 * comes when the last of them has ended.  The kernel reaps them.  In serial
 * mode a batch is one child.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

static double seconds_now(void)
{
	struct timeval tv;

	gettimeofday(&tv, NULL);
	return (double)tv.tv_sec + (double)tv.tv_usec * 1e-6;
}

static void batch(int from, int to)
{
	int line[2];
	char byte;

	if (pipe(line) != 0)
		exit(EXIT_FAILURE);
	for (int i = from; i <= to; i++) {
		fflush(stdout);
		if (fork() > 0)
			continue;
		close(line[0]);
		printf("大海 %d is running\n", i);
		fflush(stdout);
		usleep(1000000u * (unsigned)i);
		printf("大海 %d is done\n", i);
		exit(0);
	}
	close(line[1]);
	if (read(line[0], &byte, 1) != 0)
		abort();
	close(line[0]);
}

int main(int argc, char **argv)
{
	double begin = seconds_now();
	int n = 4, serial = 0;
	char *rest;

	if (argc == 3) {
		n = (int)strtol(argv[2], &rest, 10);
		if (rest == argv[2] || *rest != '\0' || n < 1)
			argc = 0;
		serial = !strcmp(argv[1], "serial");
	}
	if (argc != 1 && argc != 3) {
		fprintf(stderr, "join: MODE and N, please\n");
		return 2;
	}
	signal(SIGCHLD, SIG_IGN);
	if (!serial)
		batch(1, n);
	else
		for (int i = 1; i <= n; i++)
			batch(i, i);
	printf("主 %f\n", seconds_now() - begin);
	return 0;
}
