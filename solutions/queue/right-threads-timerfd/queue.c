/* The putter reads in one thread and puts in another; the getter sleeps by a
 * timerfd. */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
struct q {
	sem_t room, some;
	int cap, n;
	char s[10][61];
} * q;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cv = PTHREAD_COND_INITIALIZER;
static char next[61];
static int have;
static void *reader(void *x)
{
	(void)x;
	char b[70];
	for (int k = 0; k < q->n; k++) {
		if (fgets(b, sizeof b, stdin))
			b[strcspn(b, "\n")] = 0;
		else
			sprintf(b, "item%d", k);
		pthread_mutex_lock(&m);
		while (have)
			pthread_cond_wait(&cv, &m);
		strcpy(next, b);
		have = 1;
		pthread_cond_signal(&cv);
		pthread_mutex_unlock(&m);
	}
	return 0;
}
static void *sender(void *x)
{
	(void)x;
	char b[61];
	for (int k = 0; k < q->n; k++) {
		pthread_mutex_lock(&m);
		while (!have)
			pthread_cond_wait(&cv, &m);
		strcpy(b, next);
		have = 0;
		pthread_cond_signal(&cv);
		pthread_mutex_unlock(&m);
		int v;
		sem_getvalue(&q->room, &v);
		if (v == 0) {
			puts("篮子满了");
		}
		struct timespec t;
		do {
			clock_gettime(CLOCK_REALTIME, &t);
			t.tv_sec += 5;
		} while (sem_timedwait(&q->room, &t));
		strcpy(q->s[k % q->cap], b);
		sem_post(&q->some);
		printf("放入%s\n", b);
	}
	return 0;
}
int num(char *s, int hi)
{
	char *e;
	long v = strtol(s, &e, 10);
	if (!*s || *e || v < 1 || v > hi) {
		fprintf(stderr, "bad\n");
		exit(2);
	}
	return v;
}
int main(int c, char **v)
{
	q = mmap(0, sizeof *q, 3, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	q->cap = 3;
	q->n = 4;
	if (c == 3) {
		q->cap = num(v[1], 10);
		q->n = num(v[2], 1 << 30);
	} else if (c != 1) {
		fprintf(stderr, "usage\n");
		return 2;
	}
	sem_init(&q->room, 1, q->cap);
	sem_init(&q->some, 1, 0);
	if (!fork()) {
		pthread_t a, b;
		pthread_create(&a, 0, reader, 0);
		pthread_create(&b, 0, sender, 0);
		pthread_join(a, 0);
		pthread_join(b, 0);
		exit(0);
	}
	if (!fork()) {
		int fd = timerfd_create(CLOCK_MONOTONIC, 0);
		uint64_t x;
		for (int k = 0; k < q->n; k++) {
			struct itimerspec t = {{0}, {1, 0}};
			timerfd_settime(fd, 0, &t, 0);
			read(fd, &x, 8);
			sem_wait(&q->some);
			char b[61];
			strcpy(b, q->s[k % q->cap]);
			sem_post(&q->room);
			printf("取出%s\n", b);
		}
		puts("队列为空");
		exit(0);
	}
	signal(17, SIG_DFL);
	while (waitpid(-1, 0, 0) > 0)
		;
	return 0;
}
