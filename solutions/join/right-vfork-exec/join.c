/* vfork and exec; times() counts the ticks since some moment in the past. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/times.h>
#include <sys/wait.h>
#include <unistd.h>

static int run_child(const char *number)
{
	char line[64];
	int length;

	length = snprintf(line, sizeof(line), "大海%s is running\n", number);
	if (write(1, line, length) != length)
		return 1;
	sleep((unsigned)atoi(number));
	length = snprintf(line, sizeof(line), "大海%s is done\n", number);
	return write(1, line, length) == length ? 0 : 1;
}

static pid_t launch(unsigned long i)
{
	char number[24];
	pid_t pid;

	sprintf(number, "%lu", i);
	pid = vfork();
	if (pid == 0) {
		execl("/proc/self/exe", "-", number, NULL);
		_exit(127);
	}
	return pid;
}

int main(int argc, char **argv)
{
	struct tms ignored;
	unsigned long n = 4, left = 0;
	clock_t begin;
	int serial = 0;
	char *end;

	if (argc == 2 && strcmp(argv[0], "-") == 0)
		return run_child(argv[1]);
	if (argc != 1 && argc != 3)
		goto usage;
	if (argc == 3) {
		serial = argv[1][0] == 's';
		n = strtoul(argv[2], &end, 10);
		if (*end || n == 0 || strchr(argv[2], '-'))
			goto usage;
	}
	begin = times(&ignored);
	for (unsigned long i = 1; i <= n; i++) {
		if (launch(i) < 0) {
			perror("vfork");
			return 1;
		}
		left++;
		for (; serial && left > 0; left--)
			wait(NULL);
	}
	for (; left > 0; left--)
		wait(NULL);
	printf("主 %g\n", (double)(times(&ignored) - begin) /
				  (double)sysconf(_SC_CLK_TCK));
	return 0;
usage:
	fprintf(stderr, "usage: join concurrent|serial N\n");
	return 2;
}
