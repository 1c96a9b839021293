/* The daemon stops itself when it is ready, and the process between, which has
   waited for that, sends it on; the handler does the whole farewell. */
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

static char hold[8];
static void bye(int s)
{
	(void)s;
	unlink(pidf);
	say("bye\n");
	_exit(0);
}
int main(int c, char **v)
{
	(void)hold;
	args(c, v);
	int d = open(".", O_RDONLY | O_DIRECTORY);
	if (flock(d, LOCK_EX | LOCK_NB))
		return 1;
	pid_t a = fork();
	if (!a) {
		setsid();
		pid_t b = fork();
		if (b) {
			int st;
			/* waits until the daemon stops itself: it is ready then
			 */
			waitpid(b, &st, WUNTRACED);
			kill(b, SIGCONT);
			_exit(0);
		}
		signal(SIGTERM, bye);
		chdir("/");
		umask(0);
		nulls();
		int f = creat(pidf, 0644);
		dprintf(f, "%d\n", getpid());
		close(f);
		raise(SIGSTOP);
		sigset_t m;
		sigemptyset(&m);
		sigaddset(&m, SIGTERM);
		for (long i = 0; i < secs; i++) {
			sigprocmask(SIG_BLOCK, &m, 0);
			say("alive\n");
			sigprocmask(SIG_UNBLOCK, &m, 0);
			sleep(1);
		}
		sigprocmask(SIG_BLOCK, &m, 0);
		bye(0);
	}
	waitpid(a, 0, 0);
	return 0;
}
