/* Reports are queued real-time signals; the consumers are killed by atexit. */
#include "queue.h"
static pid_t g[5];
static void bye(void)
{
	fflush(stdout);
	for (int i = 0; i < C; i++)
		if (g[i] > 0)
			kill(g[i], SIGKILL);
}
int main(int c, char **v)
{
	args(c, v);
	init();
	sigset_t s;
	sigemptyset(&s);
	sigaddset(&s, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &s, 0);
	pid_t me = getpid(), pid[5];
	for (int i = 0; i < P; i++)
		if (!(pid[i] = fork()))
			cook(i);
	for (int i = 0; i < C; i++)
		if (!(g[i] = fork())) {
			srand(i);
			for (;;) {
				int p, k;
				get(&p, &k);
				nap();
				printf("吃货%s吃了%s%d\n", G[i], F[p], k);
				fflush(stdout);
				union sigval x = {.sival_int = k};
				sigqueue(me, SIGRTMIN, x);
			}
		}
	for (int i = 0; i < P; i++)
		waitpid(pid[i], 0, 0);
	for (int i = 0; i < P * N; i++)
		while (sigwaitinfo(&s, 0) < 0)
			;
	atexit(bye);
	printf("主 %.2f\n", now() - T0);
	return 0;
}
