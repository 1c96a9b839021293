/* A kitchen process makes the cooks, a hall process the guests and takes them
 * along. */
#include "queue.h"
int main(int c, char **v)
{
	args(c, v);
	init();
	int l[2];
	pipe(l);
	pid_t kitchen = fork();
	if (!kitchen) {
		close(l[1]);
		for (int i = 0; i < P; i++)
			if (!fork())
				cook(i);
		while (wait(0) > 0)
			;
		exit(0);
	}
	pid_t hall = fork();
	if (!hall) {
		close(l[1]);
		pid_t g[5];
		for (int i = 0; i < C; i++)
			if (!(g[i] = fork())) {
				srand(i);
				for (;;)
					eat1(i);
			}
		char x;
		read(l[0], &x, 1);
		for (int i = 0; i < C; i++)
			kill(g[i], SIGKILL);
		while (wait(0) > 0)
			;
		_exit(0);
	}
	waitpid(kitchen, 0, 0);
	join();
	printf("主 %.1f\n", now() - T0);
	fflush(stdout);
	close(l[1]);
	waitpid(hall, 0, 0);
	return 0;
}
