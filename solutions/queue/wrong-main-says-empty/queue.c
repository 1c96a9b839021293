/* The last line is written by main, when both have ended. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
static int cap = 3, items = 4;
static int num(const char *s, int lo)
{
	char *e;
	errno = 0;
	long v = strtol(s, &e, 10);
	if (!*s || *e || errno || v < lo || v > INT_MAX) {
		fprintf(stderr, "queue: bad number '%s'\n", s);
		exit(2);
	}
	return v;
}
static void args(int c, char **v)
{
	if (c != 1 && c != 3) {
		fprintf(stderr, "usage: queue CAPACITY ITEMS\n");
		exit(2);
	}
	if (c == 3) {
		cap = num(v[1], 1);
		items = num(v[2], 1);
		if (cap > 10) {
			fprintf(stderr, "queue: capacity above 10\n");
			exit(2);
		}
	}
}
/* name of item k into b[64] */
static void name(int k, char *b)
{
	char line[256];
	memset(b, 0, 64);
	if (fgets(line, sizeof line, stdin)) {
		line[strcspn(line, "\n")] = 0;
		strcpy(b, line);
	} else
		sprintf(b, "item%d", k);
}

struct q {
	sem_t room, have;
	char slot[10][64];
} * q;
int main(int c, char **v)
{
	args(c, v);
	q = mmap(0, sizeof *q, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	sem_init(&q->room, 1, cap);
	sem_init(&q->have, 1, 0);
	if (!fork()) {
		for (int k = 0; k < items; k++) {
			char b[64];
			name(k, b);
			if (sem_trywait(&q->room)) {
				printf("篮子满了\n");
				while (sem_wait(&q->room))
					;
			}
			memcpy(q->slot[k % cap], b, 64);
			sem_post(&q->have);
			printf("放入 %s\n", b);
		}
		exit(0);
	}
	if (!fork()) {
		for (int k = 0; k < items; k++) {
			char b[64];
			sleep(1);
			while (sem_wait(&q->have))
				;
			memcpy(b, q->slot[k % cap], 64);
			sem_post(&q->room);
			printf("取出 %s\n", b);
		}

		exit(0);
	}
	while (wait(0) > 0)
		;
	printf("队列为空\n");
	return 0;
}
