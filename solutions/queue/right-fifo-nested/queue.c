/* Two FIFOs, items and tokens; the putter is the getter's child, a second is an
 * alarm. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
static void tick(int s)
{
	(void)s;
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
	setvbuf(stdout, NULL, _IONBF, 0);
	mkfifo("items", 0600);
	mkfifo("tokens", 0600);
	if (!fork()) { /* getter */
		int it = open("items", O_RDWR), tk = open("tokens", O_RDWR);
		unlink("items");
		unlink("tokens");
		for (int i = 0; i < cap; i++)
			write(tk, "x", 1);
		if (!fork()) {
			char rec[64];
			for (int k = 0; k < n; k++) {
				memset(rec, 0, 64);
				int i = 0;
				char ch;
				ssize_t r;
				while (i < 60 && (r = read(0, &ch, 1)) == 1 &&
					ch != '\n')
					rec[i++] = ch;
				if (i == 60) {
					if (read(0, &ch, 1) == 1 &&
						ch != '\n') {
					}
				}
				if (i == 0)
					sprintf(rec, "item%d", k);
				fcntl(tk, F_SETFL, O_NONBLOCK);
				if (read(tk, &ch, 1) != 1) {
					fcntl(tk, F_SETFL, 0);
					printf("篮子满了\n");
					read(tk, &ch, 1);
				}
				fcntl(tk, F_SETFL, 0);
				write(it, rec, 64);
				printf("放入 ");
				printf("%s", rec);
				printf("\n");
			}
			exit(0);
		}
		struct sigaction sa = {.sa_handler = tick};
		sigaction(SIGALRM, &sa, 0);
		sigset_t b, o;
		sigemptyset(&b);
		sigaddset(&b, SIGALRM);
		sigprocmask(SIG_BLOCK, &b, &o);
		char rec[64];
		for (int k = 0; k < n; k++) {
			alarm(1);
			sigsuspend(&o);
			read(it, rec, 64);
			write(tk, "x", 1);
			printf("取出 %s\n", rec);
		}
		printf("队列为空\n");
		wait(NULL);
		exit(0);
	}
	wait(NULL);
	return 0;
}
