/* Making and eating take 5 s, in slices of a second. */
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
		fprintf(stderr, "producer-consumer: bad number '%s'\n", s);
		exit(2);
	}
	return v;
}
static void args(int c, char **v)
{
	setvbuf(stdout, 0, _IOLBF, 0);
	if (c != 1 && c != 4) {
		fprintf(stderr,
			"usage: producer-consumer PRODUCERS CONSUMERS ITEMS\n");
		exit(2);
	}
	if (c == 4) {
		P = num(v[1], 1, 5);
		C = num(v[2], 1, 5);
		I = num(v[3], 0, 1000000);
	}
}
static void *shared(size_t n)
{
	return mmap(0, n, 3, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

struct q {
	sem_t have, m;
	int in, out;
	struct item s[4096];
} * q;

static void nap13(void)
{
	for (int i = 0; i < 5; i++)
		sleep(1);
}
static void beside(void)
{
}
int main(int c, char **v)
{
	args(c, v);
	pid_t pr[5], co[5];
	q = shared(sizeof *q);
	sem_init(&q->have, 1, 0);
	sem_init(&q->m, 1, 1);
	for (int i = 0; i < P; i++)
		if (!(pr[i] = fork())) {
			srand(i * 31 + 5);
			beside();
			for (int k = 0; k < I; k++) {
				nap13();
				sem_wait(&q->m);
				q->s[q->in++] = (struct item){i, k};
				sem_post(&q->m);
				sem_post(&q->have);
				printf("厨师%s生产了%s%d\n", cook[i], food[i],
					k);
			}
			exit(0);
		}
	for (int i = 0; i < C; i++)
		if (!(co[i] = fork())) {
			srand(i * 17 + 3);
			beside();
			for (;;) {
				while (sem_wait(&q->have))
					;
				sem_wait(&q->m);
				struct item it = q->s[q->out++];
				sem_post(&q->m);
				if (it.p < 0)
					exit(0);
				nap13();
				printf("吃货%s吃了%s%d\n", guest[i], food[it.p],
					it.k);
			}
		}
	for (int i = 0; i < P; i++)
		waitpid(pr[i], 0, 0);
	for (int i = 0; i < C; i++) {
		sem_wait(&q->m);
		q->s[q->in++] = (struct item){-1, 0};
		sem_post(&q->m);
		sem_post(&q->have);
	}
	for (int i = 0; i < C; i++)
		waitpid(co[i], 0, 0);
	printf("主\n");
	return 0;
}
