/* main passes the items on between two sockets; credits come back for each get.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
int num(const char *s, int hi)
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
	int p[2], g[2];
	socketpair(AF_UNIX, SOCK_STREAM, 0, p);
	socketpair(AF_UNIX, SOCK_STREAM, 0, g);
	if (!fork()) {
		close(p[0]);
		close(g[0]);
		close(g[1]);
		char r[64], a;
		int credit = cap;
		for (int k = 0; k < n; k++) {
			memset(r, 0, 64);
			char l[80];
			if (fgets(l, 80, stdin)) {
				l[strcspn(l, "\n")] = 0;
				strcpy(r, l);
			} else
				sprintf(r, "item%d", k);
			struct pollfd f = {p[1], POLLIN, 0};
			while (poll(&f, 1, 0) == 1 && read(p[1], &a, 1) == 1)
				credit++;
			if (!credit) {
				printf("篮子满了\n");
				read(p[1], &a, 1);
				credit++;
			}
			credit--;
			write(p[1], r, 64);
			printf("放入 %s\n", r);
		}
		exit(0);
	}
	if (!fork()) {
		close(g[0]);
		close(p[0]);
		close(p[1]);
		char r[64];
		for (int k = 0; k < n; k++) {
			sleep(1);
			int got = 0;
			while (got < 64)
				got += read(g[1], r + got, 64 - got);
			write(g[1], "k", 1);
			printf("取出 %s\n", r);
		}
		printf("队列为空\n");
		exit(0);
	}
	close(p[1]);
	close(g[1]);
	printf("relay ready\n");
	int open_p = 1;
	char b[64];
	struct pollfd f[2] = {{p[0], POLLIN, 0}, {g[0], POLLIN, 0}};
	while (f[0].fd >= 0 || f[1].fd >= 0) {
		poll(f, 2, -1);
		for (int i = 0; i < 2; i++)
			if (f[i].fd >= 0 && f[i].revents) {
				ssize_t r = read(f[i].fd, b, 64);
				if (r <= 0) {
					f[i].fd = -1;
					continue;
				}
				send(i ? p[0] : g[0], b, r, MSG_NOSIGNAL);
			}
	}
	(void)open_p;
	wait(0);
	wait(0);
	return 0;
}
