/* A joinable queue: a ring in shared memory, a futex for the join. */
#ifndef QUEUE_H
#define QUEUE_H

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
static const char *K[] = {"大海", "中海", "小海", "东海", "西海"},
		  *F[] = {"包子", "辣椒炒肉", "土豆丝", "馒头", "面条"},
		  *G[] = {"夏洛", "西施", "貂蝉", "昭君", "玉环"};
static int P = 3, C = 2, N = 10;
static double T0;
static inline double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}
static inline void args(int c, char **v)
{
	T0 = now();
	if (c != 1 && c != 4) {
		fprintf(stderr, "usage\n");
		exit(2);
	}
	int *x[] = {&P, &C, &N};
	for (int i = 1; i < c; i++) {
		char *e;
		long l = strtol(v[i], &e, 10);
		if (!*v[i] || *e || l < (i < 3) || (i < 3 && l > 5)) {
			fprintf(stderr, "bad\n");
			exit(2);
		}
		*x[i - 1] = l;
	}
}
struct q {
	sem_t room, some, mx;
	volatile int unfinished;
	int h, t;
	int a[4][2];
	pthread_mutex_t m;
	pthread_cond_t c;
} * q;
static inline void init(void)
{
	q = mmap(0, sizeof *q, 3, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	sem_init(&q->room, 1, 4);
	sem_init(&q->some, 1, 0);
	sem_init(&q->mx, 1, 1);
	pthread_mutexattr_t ma;
	pthread_mutexattr_init(&ma);
	pthread_mutexattr_setpshared(&ma, 1);
	pthread_mutex_init(&q->m, &ma);
	pthread_condattr_t ca;
	pthread_condattr_init(&ca);
	pthread_condattr_setpshared(&ca, 1);
	pthread_cond_init(&q->c, &ca);
}
static inline void put(int p, int k)
{
	sem_wait(&q->room);
	sem_wait(&q->mx);
	q->a[q->t % 4][0] = p;
	q->a[q->t++ % 4][1] = k;
	sem_post(&q->mx);
	sem_post(&q->some);
}
static inline void get(int *p, int *k)
{
	sem_wait(&q->some);
	sem_wait(&q->mx);
	*p = q->a[q->h % 4][0];
	*k = q->a[q->h++ % 4][1];
	sem_post(&q->mx);
	sem_post(&q->room);
}
static inline void nap(void)
{
	sleep(1 + rand() % 3);
}
static inline void inc(void)
{
	__atomic_add_fetch(&q->unfinished, 1, __ATOMIC_SEQ_CST);
}
static inline void dec(void)
{
	if (__atomic_sub_fetch(&q->unfinished, 1, __ATOMIC_SEQ_CST) == 0)
		syscall(SYS_futex, &q->unfinished, FUTEX_WAKE, 99, 0, 0, 0);
}
static inline void join(void)
{
	int u;
	while ((u = q->unfinished) > 0)
		syscall(SYS_futex, &q->unfinished, FUTEX_WAIT, u, 0, 0, 0);
}
static inline void cook(int p)
{
	srand(getpid());
	for (int k = 0; k < N; k++) {
		nap();
		inc();
		put(p, k);
		printf("厨师%s生产了%s%d\n", K[p], F[p], k);
	}
	exit(0);
}
static inline void eat1(int c)
{
	int p, k;
	get(&p, &k);
	nap();
	printf("吃货%s吃了%s%d\n", G[c], F[p], k);
	fflush(stdout);
	dec();
}

#endif
