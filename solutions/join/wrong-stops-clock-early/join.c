/* The clock is stopped when the child that sleeps longest has ended. */
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

static pid_t start(int i)
{
	pid_t child = fork();

	if (child < 0) {
		perror("fork");
		exit(1);
	}
	if (child == 0) {
		printf("大海%d is running\n", i);
		sleep(i);
		printf("大海%d is done\n", i);
		exit(0);
	}
	return child;
}

static void join(pid_t child)
{
	waitpid(child, NULL, 0);
}

int main(int argc, char **argv)
{
	const char *mode = "concurrent";
	int n = 4;

	if (argc == 3) {
		mode = argv[1];
		n = number(argv[2]);
	} else if (argc != 1) {
		fprintf(stderr, "usage: join MODE N\n");
		return 2;
	}

	double begin = now(), end;

	if (strcmp(mode, "serial") == 0) {
		for (int i = 1; i <= n; i++)
			join(start(i));
		end = now();
	} else {
		pid_t children[n];

		for (int i = 0; i < n; i++)
			children[i] = start(i + 1);
		join(children[n - 1]);
		end = now();
		for (int i = 0; i < n - 1; i++)
			join(children[i]);
	}
	printf("主 %.3f\n", end - begin);
	return 0;
}
