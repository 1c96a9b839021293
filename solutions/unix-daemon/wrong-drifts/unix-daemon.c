/* Ten milliseconds of work after each beat, and then a whole second of sleep. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t quit;

static void on_quit(int sig)
{
	(void)sig;
	quit = 1;
}

static void usage(void)
{
	fprintf(stderr, "usage: unix-daemon [SECONDS]\n");
	exit(2);
}

static void spread(int fd, int *to, int n)
{
	while (n--)
		dup2(fd, *to++);
}

static int before(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec < b->tv_sec ||
	       (a->tv_sec == b->tv_sec && a->tv_nsec < b->tv_nsec);
}

int main(int argc, char **argv)
{
	long seconds = 10;
	struct sigaction sa;
	struct timespec next, end;
	int dir, log, pid, standard[] = {2, 1, 0};
	char *rest;

	if (argc > 2)
		usage();
	if (argc == 2) {
		if (!argv[1][0])
			usage();
		seconds = strtol(argv[1], &rest, 10);
		if (*rest || seconds < 0)
			usage();
	}
	if (mkdir("daemon.lock", 0700) < 0) {
		fprintf(stderr, "unix-daemon: %s\n",
			errno == EEXIST ? "already there" : strerror(errno));
		exit(1);
	}
	dir = open(".", O_RDONLY);
	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = on_quit;
	sa.sa_flags = SA_RESTART;
	sigaction(SIGTERM, &sa, NULL);

	if (fork() > 0)
		exit(0);
	if (setsid() < 0)
		exit(3);
	if (fork() > 0)
		exit(0);

	spread(open("/dev/null", O_RDWR), standard, 3);
	umask(0);
	fchdir(dir);
	pid = open("daemon.pid", O_WRONLY | O_CREAT | O_TRUNC, 0644);
	dprintf(pid, "%d\n", getpid());
	close(pid);
	log = open("daemon.log", O_WRONLY | O_CREAT | O_APPEND, 0644);
	if (chdir("/") < 0)
		exit(3);

	clock_gettime(CLOCK_MONOTONIC, &next);
	end = next;
	end.tv_sec += seconds;
	while (!quit && before(&next, &end)) {
		write(log, "alive\n", 6);
		next.tv_sec++;
		next.tv_nsec += 10 * 1000 * 1000;
		if (next.tv_nsec >= 1000 * 1000 * 1000) {
			next.tv_nsec -= 1000 * 1000 * 1000;
			next.tv_sec++;
		}
		while (!quit && clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME,
					before(&next, &end) ? &next : &end,
					NULL) == EINTR)
			;
	}
	unlinkat(dir, "daemon.pid", 0);
	unlinkat(dir, "daemon.lock", AT_REMOVEDIR);
	write(log, "bye\n", 4);
	return 0;
}
