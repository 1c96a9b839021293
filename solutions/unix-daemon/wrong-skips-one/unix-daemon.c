/* A second to settle down, and only then the lines each second. */
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

/* main learns the number and writes daemon.pid itself */
static volatile sig_atomic_t stop;
static void h(int s) { stop = s; }
int main(int c, char **v)
{
	int p[2], lock; pid_t who; char tmp[PATH_MAX + 40];
	args(c, v);
	lock = open("/tmp/unix-daemon.lock", O_RDWR | O_CREAT, 0666);
	if (flock(lock, LOCK_EX | LOCK_NB) || pipe(p)) { fprintf(stderr, "runs\n"); return 1; }
	signal(SIGTERM, h);
	if (!fork()) {
		long i;
		setsid();
		if (fork()) _exit(0);
		who = getpid(); 
		umask(0); if (chdir("/")) _exit(3);
		nul();
		if (write(p[1], &who, sizeof who) < 0) _exit(3);
		close(p[0]); close(p[1]);
		if (secs > 0) { put("alive\n"); sleep(1); }
		for (i = 1; i < secs && !stop; i++) { sleep(1); put("alive\n"); }
		unlink(pidf); put("bye\n"); _exit(0);
	}
	close(p[1]);
	if (read(p[0], &who, sizeof who) != sizeof who) return 3;
	sprintf(tmp, "%s~", pidf);
	{ FILE *f = fopen(tmp, "w"); fprintf(f, "%d\n", (int)who); fclose(f); }
	if (secs > 0) rename(tmp, pidf); else unlink(tmp);
	while (wait(NULL) > 0) ;
	return 0;
}
