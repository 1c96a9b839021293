/* A death signal, taken from a signalfd by a thread; main looks at the count
 * again and again. */
#include "queue.h"
static void *death(void *x)
{
	int fd = *(int *)x;
	struct signalfd_siginfo s;
	read(fd, &s, sizeof s);
	_exit(0);
}
int main(int c, char **v)
{
	args(c, v);
	init();
	pid_t me = getpid(), pid[5];
	for (int i = 0; i < P; i++)
		if (!(pid[i] = fork()))
			cook(i);
	for (int i = 0; i < C; i++)
		if (!fork()) {
			sigset_t s;
			sigemptyset(&s);
			sigaddset(&s, SIGUSR1);
			sigprocmask(SIG_BLOCK, &s, 0);
			int fd = signalfd(-1, &s, 0);
			prctl(PR_SET_PDEATHSIG, SIGUSR1);
			if (getppid() != me)
				_exit(1);
			pthread_t t;
			pthread_create(&t, 0, death, &fd);
			srand(i + 7);
			for (;;)
				eat1(i);
		}
	for (int i = 0; i < P; i++)
		waitpid(pid[i], 0, 0);
	while (q->unfinished)
		usleep(2000);
	printf("主 %.4f\n", now() - T0);
	return 0;
}
