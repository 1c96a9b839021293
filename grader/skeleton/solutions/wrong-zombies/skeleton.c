/* The end of the pipe tells that all have spoken; nobody reaps them. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void fail(const char *why, int status)
{
	fprintf(stderr, "skeleton: %s\n", why);
	exit(status);
}

static int number(const char *text)
{
	int value = 0;

	for (; isdigit((unsigned char)*text); text++)
		value = 10 * value + (*text - '0');
	return *text ? 0 : value;
}

int main(int argc, char **argv)
{
	int count = argc == 2 ? number(argv[1]) : 0;
	int line[2];
	char byte;

	if (count == 0)
		fail("how many children?", 2);
	if (pipe(line) != 0)
		fail("no pipe", 1);
	for (int left = count; left; left--)
		switch (fork()) {
		case -1:
			fail("no process", 1);
			break;
		case 0:
			close(line[0]);
			printf("child %d: hello\n", left);
			exit(0);
		}
	close(line[1]);
	while (read(line[0], &byte, 1) > 0)
		;
	printf("all %d are done\n", count);
	return 0;
}
