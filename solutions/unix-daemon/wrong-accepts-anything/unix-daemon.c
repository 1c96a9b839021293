/* 一个线程写日志，主线程等信号。 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int finish;
static int log_fd;
static long seconds = 10;

static void *writer(void *unused)
{
	struct timespec next;
	long n;

	clock_gettime(CLOCK_REALTIME, &next);
	pthread_mutex_lock(&mutex);
	for (n = 0; n < seconds && !finish; n++) {
		dprintf(log_fd, "alive\n");
		next.tv_sec++;
		while (!finish && pthread_cond_timedwait(&changed, &mutex,
					  &next) != ETIMEDOUT)
			;
	}
	pthread_mutex_unlock(&mutex);
	kill(getpid(), SIGUSR1); /* time is over */
	return unused;
}

static int run(int folder)
{
	pthread_t thread;
	sigset_t set;
	int sig;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	pthread_create(&thread, NULL, writer, NULL);
	sigwait(&set, &sig);
	pthread_mutex_lock(&mutex);
	finish = 1;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&mutex);
	pthread_join(thread, NULL);
	unlinkat(folder, "daemon.pid", 0);
	dprintf(log_fd, "bye\n");
	return 0;
}

static int to_null(void)
{
	int fd = open("/dev/null", O_RDWR);

	return fd < 0 || dup2(fd, 0) < 0 || dup2(fd, 1) < 0 || dup2(fd, 2) < 0;
}

int main(int argc, char **argv)
{
	int folder, pid_fd, pair[2];
	sigset_t set;
	char c;

	if (argc == 2) {
		seconds = atol(argv[1]);
	}
	if (argc > 2 || seconds < 0) {
		fprintf(stderr, "SECONDS: a whole number, please\n");
		return 2;
	}
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	folder = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	pid_fd = openat(folder, "daemon.pid", O_RDWR | O_CREAT, 0644);
	log_fd = openat(folder, "daemon.log", O_WRONLY | O_CREAT | O_APPEND,
		0644);
	if (flock(pid_fd, LOCK_EX | LOCK_NB)) {
		perror("daemon.pid");
		return 1;
	}
	if (pipe(pair))
		return 5;
	if (fork()) {
		close(pair[1]);
		while (read(pair[0], &c, 1) > 0)
			;
		return 0;
	}
	if (setsid() < 0)
		return 5;
	if (fork())
		_exit(0);
	umask(0);
	if (ftruncate(pid_fd, 0) || dprintf(pid_fd, "%d\n", getpid()) < 0 ||
		chdir("/") || to_null())
		return 5;
	close(pair[0]);
	close(pair[1]); /* ready */
	return run(folder);
}
