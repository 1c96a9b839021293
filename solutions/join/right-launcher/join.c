/*
 * A launcher process makes the children: main tells it numbers through one
 * pipe and is told of their ends through another.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { READ_END, WRITE_END };

static int orders[2], reports[2];

static void work(int i)
{
	close(reports[WRITE_END]);
	printf("大海%d is running\n", i);
	fflush(stdout);
	sleep(i);
	printf("大海%d is done\n", i);
	fflush(stdout);
	_exit(0);
}

/* An order is a number, negative when its end is to be awaited at once. */
static void launcher(void)
{
	int order;

	while (read(orders[READ_END], &order, sizeof(order)) == sizeof(order)) {
		if (fork() == 0)
			work(abs(order));
		if (order < 0) {
			wait(NULL);
			if (write(reports[WRITE_END], "", 1) != 1)
				break;
		}
	}
	while (wait(NULL) > 0)
		;
	_exit(0);
}

static void run(int n, int serial)
{
	char end;

	for (int i = 1; i <= n; i++) {
		int order = serial ? -i : i;

		if (write(orders[WRITE_END], &order, sizeof(order)) < 0 ||
			(serial && read(reports[READ_END], &end, 1) != 1))
			exit(1);
	}
	close(orders[WRITE_END]);
}

int main(int argc, char **argv)
{
	struct timespec from, to;
	int n = 4;
	char *end;

	if (argc == 3)
		n = (int)strtol(argv[2], &end, 10);
	if (argc == 2 || argc > 3 ||
		(argc == 3 && (end == argv[2] || *end || n < 1))) {
		fprintf(stderr, "usage: join MODE N\n");
		return 2;
	}
	clock_gettime(CLOCK_MONOTONIC, &from);
	if (pipe(orders) != 0 || pipe(reports) != 0)
		return 1;
	if (fork() == 0) {
		close(orders[WRITE_END]);
		launcher();
	}
	close(orders[READ_END]);
	run(n, argc == 3 && !strcmp(argv[1], "serial"));
	wait(NULL);
	clock_gettime(CLOCK_MONOTONIC, &to);
	printf("主 %.4f\n",
		(to.tv_sec - from.tv_sec) + (to.tv_nsec - from.tv_nsec) / 1e9);
	return 0;
}
