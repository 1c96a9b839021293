#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
static long secs = 10;
static char cwd[PATH_MAX], pidf[PATH_MAX + 32], logf_[PATH_MAX + 32];
static void args(int argc, char **argv)
{
	char *e = "";
	if (argc > 2 || (argc == 2 && (!*argv[1] || (secs = strtol(argv[1], &e, 10)) < 0 || *e))) {
		fprintf(stderr, "usage: unix-daemon [SECONDS]\n");
		exit(2);
	}
	if (!getcwd(cwd, sizeof cwd))
		exit(3);
	sprintf(pidf, "%s/daemon.pid", cwd);
	sprintf(logf_, "%s/daemon.log", cwd);
}
__attribute__((unused)) static void nul(void)
{
	int n = open("/dev/null", O_RDWR);
	dup2(n, 0); dup2(n, 1); dup2(n, 2);
	if (n > 2) close(n);
}
__attribute__((unused)) static void put(const char *s)
{
	int f = open(logf_, O_WRONLY | O_APPEND | O_CREAT, 0644);
	if (write(f, s, strlen(s)) < 0) _exit(9);
	close(f);
}

static int logfd;
static void bye(int s) { (void)s; unlink(pidf); if (write(logfd, "bye\n", 4) < 0) _exit(1); _exit(0); }
int main(int c, char **v)
{
	int fd;
	args(c, v);
	if ((fd = open(pidf, O_RDWR | O_CREAT | O_EXCL, 0644)) < 0) return 1;
	logfd = open(logf_, O_CREAT | O_WRONLY | O_APPEND, 0644);
	switch (fork()) { case 0: break; default: _exit(0); }
	setsid();
	switch (fork()) { case 0: break; default: _exit(0); }
	dprintf(fd, "%d\n", getpid());
	signal(SIGTERM, bye); signal(SIGHUP, SIG_IGN);
	umask(0); nul(); if (chdir("/")) _exit(3);
	for (; secs > 0; secs--) { if (write(logfd, "alive\n", 6) < 0) return 3; sleep(1); }
	raise(SIGTERM);
	return 1;
}
