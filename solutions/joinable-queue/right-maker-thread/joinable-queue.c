/* In a producer one thread makes and another puts; a consumer eats in a thread
   of its own. */
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
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
static const char *cook[] = {"大海", "中海", "小海", "东海", "西海"};
static const char *food[] = {"包子", "辣椒炒肉", "土豆丝", "馒头", "面条"};
static const char *guest[] = {"夏洛", "西施", "貂蝉", "昭君", "玉环"};
static int P = 3, C = 2, I = 10;
struct item {
	int p, k;
};
static int num(const char *s, int lo, int hi)
{
	char *e;
	errno = 0;
	long v = strtol(s, &e, 10);
	if (!*s || *e || errno || v < lo || v > hi) {
		fprintf(stderr, "joinable-queue: bad number '%s'\n", s);
		exit(2);
	}
	return v;
}
static void args(int c, char **v)
{
	setvbuf(stdout, 0, _IOLBF, 0);
	if (c != 1 && c != 4) {
		fprintf(stderr,
			"usage: joinable-queue PRODUCERS CONSUMERS ITEMS\n");
		exit(2);
	}
	if (c == 4) {
		P = num(v[1], 1, 5);
		C = num(v[2], 1, 5);
		I = num(v[3], 0, 1000000);
	}
}
static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}
static void *shared(size_t n)
{
	return mmap(0, n, 3, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

struct q {
	sem_t have, m, done;
	int in, out;
	struct item s[8192];
} * q;
static sem_t made;
static void *maker(void *x)
{
	for (int k = 0; k < I; k++) {
		sleep(1 + k % 3);
		sem_post(&made);
	}
	return x;
}
static void *sleeper(void *x)
{
	sleep(2);
	return x;
}
int main(int c, char **v)
{
	double t0 = now();
	args(c, v);
	q = shared(sizeof *q);
	sem_init(&q->have, 1, 0);
	sem_init(&q->m, 1, 1);
	sem_init(&q->done, 1, 0);
	pid_t me = getpid();
	pid_t pr[5];
	for (int i = 0; i < P; i++)
		if (!(pr[i] = fork())) {
			pthread_t t;
			sem_init(&made, 0, 0);
			pthread_create(&t, 0, maker, 0);
			for (int k = 0; k < I; k++) {
				sem_wait(&made);
				sem_wait(&q->m);
				q->s[q->in++ % 8192] = (struct item){i, k};
				sem_post(&q->m);
				sem_post(&q->have);
				printf("厨师%s生产了%s%d\n", cook[i], food[i],
					k);
			}
			pthread_join(t, 0);
			return 0;
		}
	for (int i = 0; i < C; i++)
		if (!fork()) {
			prctl(PR_SET_PDEATHSIG, SIGTERM);
			if (getppid() != me)
				return 0;
			for (;;) {
				pthread_t t;
				sem_wait(&q->have);
				sem_wait(&q->m);
				struct item it = q->s[q->out++ % 8192];
				sem_post(&q->m);
				pthread_create(&t, 0, sleeper, 0);
				pthread_join(t, 0);
				printf("吃货%s吃了%s%d\n", guest[i], food[it.p],
					it.k);
				sem_post(&q->done);
			}
		}
	for (int i = 0; i < P; i++)
		waitpid(pr[i], 0, 0);
	for (int i = 0; i < P * I; i++)
		sem_wait(&q->done);
	printf("主 %.4f\n", now() - t0);
	return 0;
}
