/* main holds a lock all its life; a thread of each consumer waits for it. */
#include "queue.h"
static int fd;
static void *joiner(void *x)
{
	(void)x;
	join();
	return 0;
}
static void *life(void *x)
{
	(void)x;
	struct flock f = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
	while (fcntl(fd, F_SETLKW, &f) < 0)
		;
	_exit(0);
}
int main(int c, char **v)
{
	args(c, v);
	init();
	FILE *t = tmpfile();
	fd = fileno(t);
	struct flock f = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
	fcntl(fd, F_SETLK, &f);
	pid_t pid[5];
	for (int i = 0; i < C; i++)
		if (!fork()) {
			pthread_t th;
			pthread_create(&th, 0, life, 0);
			srand(i);
			for (;;)
				eat1(i);
		}
	for (int i = 0; i < P; i++)
		if (!(pid[i] = fork()))
			cook(i);
	for (int i = 0; i < P; i++)
		waitpid(pid[i], 0, 0);
	pthread_t j;
	pthread_create(&j, 0, joiner, 0);
	pthread_join(j, 0);
	printf("主 %f\n", now() - T0);
	return 0;
}
