/* The pipe of items does not block, and a periodic timer says when to look. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define BYTES 64

static int whole(const char *text, long most)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end || value < 1 || value > most) {
		fprintf(stderr, "queue: wrong number '%s'\n", text);
		exit(2);
	}
	return (int)value;
}

static void take_place(int places)
{
	char place;

	fcntl(places, F_SETFL, O_NONBLOCK);
	if (read(places, &place, 1) == 1)
		return;
	printf("篮子满了\n");
	fcntl(places, F_SETFL, 0);
	if (read(places, &place, 1) != 1)
		exit(1);
}

static void put_all(int places, int queue, int items)
{
	char line[128], name[BYTES];

	for (int k = 0; k < items; k++) {
		memset(name, 0, sizeof(name));
		if (fgets(line, sizeof(line), stdin)) {
			line[strcspn(line, "\n")] = '\0';
			snprintf(name, sizeof(name), "%.60s", line);
		} else {
			snprintf(name, sizeof(name), "item%d", k);
		}
		take_place(places);
		if (write(queue, name, sizeof(name)) != sizeof(name))
			exit(1);
		printf("放入 %s\n", name);
	}
}

static void get_all(int queue, int places, int items)
{
	struct itimerspec every = {{0, 30000000}, {0, 30000000}};
	int timer = timerfd_create(CLOCK_MONOTONIC, 0);
	char name[BYTES];
	uint64_t times;

	fcntl(queue, F_SETFL, O_NONBLOCK);
	timerfd_settime(timer, 0, &every, NULL);
	for (int k = 0; k < items; k++) {
		sleep(1);
		while (read(queue, name, sizeof(name)) != sizeof(name))
			if (read(timer, &times, sizeof(times)) < 0)
				exit(1);
		if (write(places, "+", 1) != 1)
			exit(1);
		printf("取出 %s\n", name);
	}
	printf("队列为空\n");
}

int main(int argc, char *argv[])
{
	int capacity = 3, items = 4, queue[2], places[2];

	if (argc != 1 && argc != 3) {
		fprintf(stderr, "usage: queue CAPACITY ITEMS\n");
		return 2;
	}
	if (argc == 3) {
		capacity = whole(argv[1], 10);
		items = whole(argv[2], 1000000);
	}
	if (pipe(queue) || pipe(places))
		return 1;
	while (capacity-- > 0)
		if (write(places[1], "+", 1) != 1)
			return 1;
	if (fork() == 0) {
		put_all(places[0], queue[1], items);
		exit(0);
	}
	if (fork() == 0) {
		get_all(queue[0], places[1], items);
		exit(0);
	}
	while (wait(NULL) > 0)
		;
	return 0;
}
