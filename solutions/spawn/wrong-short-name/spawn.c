/*
 * The name is copied into a buffer of 32 bytes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned seconds_of(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end != '\0' || value < 0) {
		fprintf(stderr, "spawn: bad number of seconds '%s'\n", text);
		exit(2);
	}
	return value;
}

static void task(const char *name, unsigned seconds)
{
	printf("%s is running\n", name);
	sleep(seconds);
	printf("%s is done\n", name);
}

int main(int argc, char **argv)
{
	char name[32] = "大海";
	unsigned seconds = 3;

	if (argc == 3) {
		strncpy(name, argv[1], sizeof(name) - 1);
		seconds = seconds_of(argv[2]);
	} else if (argc != 1) {
		fprintf(stderr, "usage: spawn NAME SECONDS\n");
		return 2;
	}

	if (fork() == 0) {
		task(name, seconds);
		return 0;
	}
	printf("主\n");
	fflush(stdout);
	wait(NULL);
	return 0;
}
