/* Named semaphores, waits with a timeout of a minute that begin again; the
   getter sleeps by alarm and sigsuspend. */
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

static sem_t *room, *have, *lock;
struct sh {
	int in, out;
	char s[10][64];
} * q;
static volatile sig_atomic_t rang;
static void ring(int s)
{
	(void)s;
	rang = 1;
}
static void P(sem_t *s)
{
	for (;;) {
		struct timespec t;
		clock_gettime(CLOCK_REALTIME, &t);
		t.tv_sec += 60;
		if (!sem_timedwait(s, &t))
			return;
	}
}
int main(int c, char **v)
{
	args(c, v);
	room = sem_open("/q-room", O_CREAT, 0600, cap);
	sem_unlink("/q-room");
	have = sem_open("/q-have", O_CREAT, 0600, 0);
	sem_unlink("/q-have");
	lock = sem_open("/q-lock", O_CREAT, 0600, 1);
	sem_unlink("/q-lock");
	int fd = shm_open("/q-mem", O_RDWR | O_CREAT, 0600);
	shm_unlink("/q-mem");
	ftruncate(fd, sizeof *q);
	q = mmap(0, sizeof *q, 3, MAP_SHARED, fd, 0);
	if (!fork()) {
		for (int k = 0; k < items; k++) {
			char b[64];
			int val;
			name(k, b);
			sem_getvalue(room, &val);
			if (val <= 0)
				printf("篮子满了\n");
			P(room);
			P(lock);
			memcpy(q->s[q->in], b, 64);
			q->in = (q->in + 1) % cap;
			sem_post(lock);
			sem_post(have);
			printf("放入 %s\n", b);
		}
		exit(0);
	}
	if (!fork()) {
		sigset_t all, none;
		signal(SIGALRM, ring);
		sigemptyset(&none);
		sigemptyset(&all);
		sigaddset(&all, SIGALRM);
		sigprocmask(SIG_BLOCK, &all, 0);
		for (int k = 0; k < items; k++) {
			char b[64];
			rang = 0;
			alarm(1);
			while (!rang)
				sigsuspend(&none);
			P(have);
			P(lock);
			memcpy(b, q->s[q->out], 64);
			q->out = (q->out + 1) % cap;
			sem_post(lock);
			sem_post(room);
			printf("取出 %s\n", b);
		}
		printf("队列为空\n");
		exit(0);
	}
	while (wait(0) > 0)
		;
	return 0;
}
