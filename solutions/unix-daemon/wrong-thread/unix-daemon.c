/* 守护线程：detach 之后主线程就可以走了。 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static long seconds = 10;

static void *serve(void *unused)
{
	int log = open("daemon.log", O_WRONLY | O_CREAT | O_APPEND, 0644);

	for (long i = 0; i < seconds; i++) {
		dprintf(log, "alive\n");
		sleep(1);
	}
	dprintf(log, "bye\n");
	unlink("daemon.pid");
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t thread;
	int fd;

	if (argc > 2 || (argc == 2 && (!*argv[1] || strspn(argv[1], "0123456789") != strlen(argv[1])))) {
		fprintf(stderr, "usage: unix-daemon [SECONDS]\n");
		return 2;
	}
	if (argc == 2)
		seconds = atol(argv[1]);
	fd = open("daemon.pid", O_WRONLY | O_CREAT | O_EXCL, 0644);
	if (fd < 0)
		return 1;
	dprintf(fd, "%d\n", getpid());
	close(fd);
	pthread_create(&thread, NULL, serve, NULL);
	pthread_detach(thread);
	return 0;
}
