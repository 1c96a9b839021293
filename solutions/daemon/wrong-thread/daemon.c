/*
 * The eunuch is a detached thread: whatever happens, a thread cannot
 * outlive its process.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static unsigned seconds(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end != '\0' || value < 0) {
		fprintf(stderr, "daemon: bad number of seconds '%s'\n", text);
		exit(2);
	}
	return value;
}

static void *eunuch(void *argument)
{
	unsigned *life = argument;

	puts("老太监活着");
	sleep(*life);
	puts("老太监正常死亡");
	return NULL;
}

int main(int argc, char **argv)
{
	unsigned child_seconds = 3, parent_seconds = 1;

	if (argc == 3) {
		child_seconds = seconds(argv[1]);
		parent_seconds = seconds(argv[2]);
	} else if (argc != 1) {
		fprintf(stderr, "usage: daemon CHILD_SECONDS PARENT_SECONDS\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);

	pthread_t thread;

	if (pthread_create(&thread, NULL, eunuch, &child_seconds) != 0) {
		fprintf(stderr, "daemon: cannot start a thread\n");
		return 1;
	}
	pthread_detach(thread);
	sleep(parent_seconds);
	puts("皇帝正在死亡");
	return 0;
}
