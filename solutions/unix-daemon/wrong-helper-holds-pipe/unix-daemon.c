/* The helper is made before anything has been put on /dev/null. */
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

/* a helper process writes the log, fed by a pipe */
static volatile sig_atomic_t stop;
static void h(int s) { stop = s; }
int main(int c, char **v)
{
	int lock, p[2], i; pid_t helper;
	args(c, v);
	lock = open(pidf, O_RDWR | O_CREAT, 0644);
	if (flock(lock, LOCK_EX | LOCK_NB)) return 1;
	signal(SIGTERM, h);
	if (fork()) return 0;
	setsid();
	if (fork()) return 0;
	umask(0); if (chdir("/")) return 3;
	if (pipe(p)) return 3;
	if (!(helper = fork())) {
		FILE *in; char line[99];
		signal(SIGTERM, SIG_IGN);
		close(p[1]);
		in = fdopen(p[0], "r");
		while (fgets(line, sizeof line, in)) put(line);
		_exit(0);
	}
	close(p[0]);
	nul();
	if (ftruncate(lock, 0)) return 3;
	dprintf(lock, "%d\n", getpid());
	for (i = 0; i < secs && !stop; i++) { dprintf(p[1], "alive\n"); sleep(1); }
	dprintf(p[1], "bye\n");
	close(p[1]);
	waitpid(helper, NULL, 0);
	unlink(pidf);
	return 0;
}
