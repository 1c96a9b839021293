/* daemon(3) and one more fork; the log is a FILE. */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static volatile sig_atomic_t term;
static void on_term(int sig) { term = sig; }

static int parse(const char *text)
{
	int value = 0;

	if (!*text)
		return -1;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return -1;
		value = value * 10 + (*text - '0');
	}
	return value;
}

int main(int argc, char **argv)
{
	int seconds = argc > 1 ? parse(argv[1]) : 10;
	int dir, lock;
	FILE *log;

	if (argc > 2 || seconds < 0) {
		fprintf(stderr, "unix-daemon [SECONDS]\n");
		exit(2);
	}
	dir = open(".", O_DIRECTORY);
	lock = openat(dir, "daemon.pid", O_WRONLY | O_CREAT, 0644);
	if (lock < 0 || lockf(lock, F_TEST, 0) < 0 || flock(lock, LOCK_EX | LOCK_NB))
		exit(1);
	signal(SIGTERM, on_term);
	if (daemon(0, 0))
		exit(3);
	if (fork())
		_exit(0);
	umask(0);
	dprintf(lock, "%d\n", getpid());
	log = fdopen(openat(dir, "daemon.log", O_WRONLY | O_CREAT | O_APPEND, 0644), "a");
	while (seconds-- > 0 && !term) {
		fputs("alive\n", log);
		sleep(1);
	}
	unlinkat(dir, "daemon.pid", 0);
	fputs("bye\n", log);
	return 0;
}
