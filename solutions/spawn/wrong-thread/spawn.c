/*
 * A thread in place of a process.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
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

static const char *name = "大海";
static unsigned seconds = 3;

static void *task(void *unused)
{
	(void)unused;
	printf("%s is running\n", name);
	sleep(seconds);
	printf("%s is done\n", name);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	if (argc == 3) {
		name = argv[1];
		seconds = seconds_of(argv[2]);
	} else if (argc != 1) {
		fprintf(stderr, "usage: spawn NAME SECONDS\n");
		return 2;
	}
	pthread_create(&thread, NULL, task, NULL);
	printf("主\n");
	pthread_join(thread, NULL);
	return 0;
}
