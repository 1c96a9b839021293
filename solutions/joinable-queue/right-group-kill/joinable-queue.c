/* The consumers are a process group, which main kills when it has spoken. */
#include "queue.h"
int main(int c, char **v)
{
	time_t t0 = time(0);
	args(c, v);
	init();
	pid_t pg = 0, pid[5];
	for (int i = 0; i < C; i++) {
		pid_t x = fork();
		if (!x) {
			setpgid(0, pg);
			srand(i);
			for (;;)
				eat1(i);
		}
		setpgid(x, pg);
		if (!pg)
			pg = x;
	}
	for (int i = 0; i < P; i++)
		if (!(pid[i] = fork()))
			cook(i);
	for (int i = 0; i < P; i++)
		waitpid(pid[i], 0, 0);
	join();
	char b[64];
	int n = sprintf(b, "主 %ld\n", (long)(time(0) - t0));
	write(1, b, n);
	kill(-pg, SIGKILL);
	exit(0);
}
