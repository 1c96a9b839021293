/*
 * The daemon is the program itself, executed again under a name of its own;
 * the lock travels in an open descriptor.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROLE "unix-daemon: serving"
enum { PID_FD = 10, LOG_FD = 11 };

static volatile sig_atomic_t done;

static void stop(int sig)
{
	(void)sig;
	done = 1;
}

static int serve(char **argv)
{
	long end = atol(argv[1]), now;
	struct sigaction sa = {.sa_handler = stop};

	sigaction(SIGTERM, &sa, NULL);
	dprintf(PID_FD, "%d\n", getpid());
	for (now = 0; now < end && !done; now++) {
		dprintf(LOG_FD, "alive\n");
		sleep(1);
	}
	unlink(argv[2]);
	dprintf(LOG_FD, "bye\n");
	return 0;
}

static int number_ok(const char *s)
{
	return *s && strspn(s, "0123456789") == strlen(s);
}

int main(int argc, char **argv)
{
	char program[4096], pid_file[4200], folder[4000];
	char *again[4] = {ROLE, "10", pid_file, NULL};
	int fd;

	if (strcmp(argv[0], ROLE) == 0)
		return serve(argv);
	if (argc > 2 || (argc == 2 && !number_ok(argv[1]))) {
		fprintf(stderr, "usage: unix-daemon [SECONDS]\n");
		return 2;
	}
	if (argc == 2)
		again[1] = argv[1];
	if (!getcwd(folder, sizeof folder))
		return 3;
	snprintf(pid_file, sizeof pid_file, "%s/daemon.pid", folder);
	if (!realpath(argv[0], program))
		return 3;
	fd = open(pid_file, O_WRONLY | O_CREAT, 0644);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return 1;
	dup2(fd, PID_FD);
	close(fd);
	fd = open("daemon.log", O_WRONLY | O_CREAT | O_APPEND, 0644);
	dup2(fd, LOG_FD);
	close(fd);
	if (fork())
		return 0;
	setsid();
	if (fork())
		return 0;
	umask(0);
	if (chdir("/"))
		return 3;
	fd = open("/dev/null", O_RDWR);
	dup2(fd, 0);
	dup2(fd, 1);
	dup2(fd, 2);
	execv(program, again);
	return 3;
}
