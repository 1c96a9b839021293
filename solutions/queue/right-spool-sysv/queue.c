/* The items lie in an unlinked file, System V semaphores count; the kernel
 * reaps. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sem.h>
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
static int sem;
static int op(int i, int d, int f)
{
	struct sembuf b = {i, d, f};
	return semop(sem, &b, 1);
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
	signal(SIGCHLD, SIG_IGN);
	char t[] = "spoolXXXXXX";
	int fd = mkstemp(t);
	unlink(t);
	ftruncate(fd, cap * 64);
	sem = semget(IPC_PRIVATE, 2, 0600);
	union {
		int val;
	} u;
	u.val = cap;
	semctl(sem, 0, SETVAL, u.val);
	semctl(sem, 1, SETVAL, 0);
	for (int role = 0; role < 2; role++)
		if (fork() == 0) {
			for (int k = 0; k < n; k++) {
				char r[64] = "";
				if (role == 1) {
					char *l = NULL;
					size_t z = 0;
					ssize_t g = getline(&l, &z, stdin);
					if (g > 0) {
						if (l[g - 1] == '\n')
							l[g - 1] = 0;
						strcpy(r, l);
					} else
						sprintf(r, "item%d", k);
					if (op(0, -1, IPC_NOWAIT)) {
						printf("篮子满了\n");
						op(0, -1, 0);
					}
					pwrite(fd, r, 64, k % cap * 64);
					op(1, 1, 0);
					printf("放入 %s\n", r);
				} else {
					sleep(1);
					op(1, -1, 0);
					pread(fd, r, 64, k % cap * 64);
					op(0, 1, 0);
					printf("取出 %s\n", r);
				}
			}
			if (role == 0)
				printf("队列为空\n");
			exit(0);
		}
	while (wait(NULL) != -1)
		;
	semctl(sem, 0, IPC_RMID);
	return 0;
}
