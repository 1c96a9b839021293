/* A ring under a spin lock, waits by a raw futex; main polls for its children.
 */
#define _GNU_SOURCE
#include <linux/futex.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
struct q {
	atomic_flag lock;
	atomic_int count;
	int head, tail;
	char s[10][61];
} * q;
static void lock(void)
{
	while (atomic_flag_test_and_set(&q->lock))
		;
}
static void unlock(void)
{
	atomic_flag_clear(&q->lock);
}
static void fwait(int v)
{
	syscall(SYS_futex, &q->count, FUTEX_WAIT, v, NULL, NULL, 0);
}
static void fwake(void)
{
	syscall(SYS_futex, &q->count, FUTEX_WAKE, 10, NULL, NULL, 0);
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
	int cap = 3, n = 4;
	if (c == 3) {
		cap = num(v[1], 10);
		n = num(v[2], 1 << 30);
	} else if (c != 1) {
		fprintf(stderr, "usage\n");
		return 2;
	}
	q = mmap(0, sizeof *q, 3, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t a = fork();
	if (!a) {
		char b[80];
		int named = 1;
		for (int k = 0; k < n; k++) {
			if (named && !fgets(b, sizeof b, stdin))
				named = 0;
			if (named)
				b[strcspn(b, "\n")] = 0;
			else
				sprintf(b, "item%d", k);
			for (;;) {
				lock();
				int m = q->count;
				if (m < cap) {
					strcpy(q->s[q->tail], b);
					q->tail = (q->tail + 1) % cap;
					q->count++;
					unlock();
					fwake();
					break;
				}
				unlock();
				printf("篮子满了\n");
				fwait(m);
			}
			printf("放入 %s\n", b);
		}
		exit(0);
	}
	pid_t b = fork();
	if (!b) {
		char s[61];
		for (int k = 0; k < n; k++) {
			sleep(1);
			for (;;) {
				lock();
				int m = q->count;
				if (m > 0) {
					strcpy(s, q->s[q->head]);
					q->head = (q->head + 1) % cap;
					q->count--;
					unlock();
					fwake();
					break;
				}
				unlock();
				fwait(m);
			}
			printf("取出 %s\n", s);
		}
		puts("队列为空");
		exit(0);
	}
	int left = 2;
	while (left) {
		if (waitpid(-1, 0, WNOHANG) > 0)
			left--;
		else
			usleep(10000);
	}
	return 0;
}
