/*
 * posix_spawn of the program itself; the ring is a memfd, free places and
 * items are eventfds in semaphore mode.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { RING = 10, PLACES = 11, ITEMS = 12, SLOT = 64 };

static int whole_number(const char *s)
{
	int v = 0;

	if (!*s)
		return -1;
	for (; *s; s++) {
		if (*s < '0' || *s > '9')
			return -1;
		v = v * 10 + (*s - '0');
	}
	return v;
}

static void down(int fd)
{
	uint64_t one;

	if (read(fd, &one, sizeof one) != sizeof one)
		exit(1);
}

static void up(int fd)
{
	uint64_t one = 1;

	if (write(fd, &one, sizeof one) != sizeof one)
		exit(1);
}

static void put(int capacity, int items, char (*ring)[SLOT])
{
	char *line = NULL;
	size_t room = 0;

	for (int k = 0; k < items; k++) {
		struct pollfd free_place = {PLACES, POLLIN, 0};
		char *slot = ring[k % capacity];
		char name[SLOT];

		if (getline(&line, &room, stdin) > 0)
			sprintf(name, "%.60s", strtok(line, "\n"));
		else
			sprintf(name, "item%d", k);
		if (!poll(&free_place, 1, 0))
			printf("篮子满了\n");
		down(PLACES);
		memcpy(slot, name, SLOT);
		up(ITEMS);
		printf("放入 %s\n", name);
	}
	free(line);
}

static void get(int capacity, int items, char (*ring)[SLOT])
{
	for (int k = 0; k < items; k++) {
		char name[SLOT];

		usleep(999999);
		usleep(1);
		down(ITEMS);
		memcpy(name, ring[k % capacity], SLOT);
		up(PLACES);
		printf("取出 %s\n", name);
	}
	printf("队列为空\n");
}

int main(int argc, char **argv)
{
	int capacity = 3, items = 4;
	char c[12], n[12];
	pid_t pid;

	if (argc != 1 && argc != 3 && argc != 4) {
		fprintf(stderr, "usage: queue CAPACITY ITEMS\n");
		return 2;
	}
	if (argc > 1) {
		capacity = whole_number(argv[1]);
		items = whole_number(argv[2]);
	}
	if (capacity < 1 || capacity > 10 || items < 1) {
		fprintf(stderr, "queue: bad number\n");
		return 2;
	}
	if (argc == 4 && (!strcmp(argv[3], "put") || !strcmp(argv[3], "get"))) {
		char(*ring)[SLOT] = mmap(NULL, 10 * SLOT,
			PROT_READ | PROT_WRITE, MAP_SHARED, RING, 0);

		(argv[3][0] == 'p' ? put : get)(capacity, items, ring);
		return 0;
	} else if (argc == 4) {
		fprintf(stderr, "usage: queue CAPACITY ITEMS\n");
		return 2;
	}
	int ring = memfd_create("ring", 0);

	if (ring < 0 || ftruncate(ring, 10 * SLOT) < 0)
		return 1;
	dup2(ring, RING);
	dup2(eventfd(capacity, EFD_SEMAPHORE), PLACES);
	dup2(eventfd(0, EFD_SEMAPHORE), ITEMS);
	snprintf(c, sizeof c, "%d", capacity);
	snprintf(n, sizeof n, "%d", items);
	for (int i = 0; i < 2; i++) {
		char *role[] = {argv[0], c, n, i ? "get" : "put", NULL};

		if (posix_spawn(&pid, "/proc/self/exe", NULL, NULL, role,
			    environ))
			return 1;
	}
	while (waitpid(-1, NULL, 0) > 0)
		;
	return 0;
}
