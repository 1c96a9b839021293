/* T is made of two differences, and nothing is borrowed between them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static int usage(void)
{
	fprintf(stderr, "usage: join concurrent|serial N\n");
	return 2;
}

static void start(int i)
{
	if (fork() != 0)
		return;
	printf("大海%d is running\n", i);
	fflush(stdout);
	sleep(i);
	printf("大海%d is done\n", i);
	exit(0);
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "concurrent";
	struct timeval from, to;
	char *end = "";
	long n = 4;

	if (argc == 3)
		n = strtol(argv[2], &end, 10);
	else if (argc != 1)
		return usage();
	if (n < 1 || *end)
		return usage();
	gettimeofday(&from, NULL);
	for (int i = 1; i <= n; i++) {
		start(i);
		if (strcmp(mode, "serial") == 0)
			wait(NULL);
	}
	while (wait(NULL) > 0)
		continue;
	gettimeofday(&to, NULL);
	printf("主 %ld.%06d\n", (long)(to.tv_sec - from.tv_sec),
		abs((int)(to.tv_usec - from.tv_usec)));
	return 0;
}
