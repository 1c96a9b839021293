/* The queue lives in the getter: a thread of it serves the putter by a
   socket. */
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

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cv = PTHREAD_COND_INITIALIZER;
static char s[10][64];
static int n, h;
static int sv[2];
static void *serve(void *x)
{
	char b[64];
	while (recv(sv[1], b, 64, 0) == 64) {
		pthread_mutex_lock(&m);
		if (n == cap)
			send(sv[1], "F", 1, 0);
		while (n == cap)
			pthread_cond_wait(&cv, &m);
		memcpy(s[(h + n++) % cap], b, 64);
		pthread_cond_broadcast(&cv);
		pthread_mutex_unlock(&m);
		send(sv[1], "K", 1, 0);
	}
	return x;
}
int main(int c, char **v)
{
	args(c, v);
	socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sv);
	if (!fork()) {
		close(sv[1]);
		for (int k = 0; k < items; k++) {
			char b[64], r;
			name(k, b);
			send(sv[0], b, 64, 0);
			while (recv(sv[0], &r, 1, 0) == 1 && r == 'F')
				printf("篮子满了\n");
			printf("放入 %s\n", b);
		}
		exit(0);
	}
	if (!fork()) {
		pthread_t t;
		close(sv[0]);
		pthread_create(&t, 0, serve, 0);
		for (int k = 0; k < items; k++) {
			char b[64];
			sleep(1);
			pthread_mutex_lock(&m);
			while (!n)
				pthread_cond_wait(&cv, &m);
			memcpy(b, s[h], 64);
			h = (h + 1) % cap;
			n--;
			pthread_cond_broadcast(&cv);
			pthread_mutex_unlock(&m);
			printf("取出 %s\n", b);
		}
		printf("队列为空\n");
		pthread_join(t, 0);
		exit(0);
	}
	close(sv[0]);
	close(sv[1]);
	while (wait(0) > 0)
		;
	return 0;
}
