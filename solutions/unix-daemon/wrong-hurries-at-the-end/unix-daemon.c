/* After SIGTERM the loop runs on without sleeping. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
static long secs = 10;
static char pidf[PATH_MAX + 20], logf_[PATH_MAX + 20];
static void args(int c, char **v)
{
	char *e, d[PATH_MAX];
	if (c > 2) {
		fprintf(stderr, "usage: unix-daemon [SECONDS]\n");
		exit(2);
	}
	if (c == 2) {
		errno = 0;
		secs = strtol(v[1], &e, 10);
		if (!*v[1] || *e || errno || secs < 0) {
			fprintf(stderr, "unix-daemon: bad seconds '%s'\n",
				v[1]);
			exit(2);
		}
	}
	if (!getcwd(d, sizeof d))
		exit(1);
	sprintf(pidf, "%s/daemon.pid", d);
	sprintf(logf_, "%s/daemon.log", d);
}
static void nulls(void)
{
	int n = open("/dev/null", O_RDWR);
	dup2(n, 0);
	dup2(n, 1);
	dup2(n, 2);
	if (n > 2)
		close(n);
}
static void say(const char *s)
{
	int f = open(logf_, O_WRONLY | O_CREAT | O_APPEND, 0644);
	if (write(f, s, strlen(s)) < 0)
		_exit(9);
	close(f);
}

static volatile sig_atomic_t term;
static void onterm(int s)
{
	(void)s;
	term = 1;
}
static struct timespec next_;
static void nap(void)
{
	next_.tv_sec++;
	if (term)
		return;
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next_, 0) ==
		EINTR)
		;
}
int main(int c, char **v)
{
	int p[2];
	args(c, v);
	if (pipe(p))
		return 1;
	pid_t a = fork();
	if (a) {
		char r = 0;
		close(p[1]);
		waitpid(a, 0, 0);
		if (read(p[0], &r, 1) != 1 || r != 'k') {
			fprintf(stderr, "already running\n");
			return 1;
		}
		return 0;
	}
	close(p[0]);
	setsid();
	if (fork())
		_exit(0);
	signal(SIGTERM, onterm);
	int l = open(pidf, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (flock(l, LOCK_EX | LOCK_NB)) {
		write(p[1], "n", 1);
		_exit(1);
	}
	ftruncate(l, 0);
	dprintf(l, "%d\n", getpid());
	chdir("/");
	umask(0);
	nulls();
	clock_gettime(CLOCK_MONOTONIC, &next_);
	write(p[1], "k", 1);
	close(p[1]);
	for (long i = 0; i < secs; i++) {
		nap();
		say("alive\n");
	}
	unlink(pidf);
	say("bye\n");
	return 0;
}
