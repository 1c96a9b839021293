/* The last word has no newline: the next start writes on behind it. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char *pid_path;
static int log_fd;

static int seconds_of(const char *text)
{
	char *rest;
	long value;

	errno = 0;
	value = strtol(text, &rest, 10);
	if (rest == text || *rest || errno || value < 0) {
		fprintf(stderr, "unix-daemon: '%s' are no seconds\n", text);
		exit(2);
	}
	return (int)value;
}

static void detach(void)
{
	int null = open("/dev/null", O_RDWR);

	for (int fd = 0; fd < 3; fd++)
		dup2(null, fd);
	close(null);
	umask(0);
	if (chdir("/") < 0)
		_exit(1);
}

static void write_number(void)
{
	FILE *file = fopen(pid_path, "w");

	if (!file)
		_exit(1);
	fprintf(file, "%d\n", (int)getpid());
	fclose(file);
}

static void live(int seconds)
{
	const struct timespec second = {1, 0};
	sigset_t term;

	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	for (int i = 0; i < seconds; i++) {
		dprintf(log_fd, "alive\n");
		if (sigtimedwait(&term, NULL, &second) == SIGTERM)
			break;
	}
	unlink(pid_path);
	dprintf(log_fd, "bye");
}

int main(int argc, char **argv)
{
	int seconds = argc == 2 ? seconds_of(argv[1]) : 10;
	char *folder = get_current_dir_name();
	sigset_t term;
	int ready[2];
	char byte;

	if (argc > 2 || !folder) {
		fprintf(stderr, "usage: unix-daemon SECONDS\n");
		return 2;
	}
	log_fd = open("daemon.log", O_WRONLY | O_APPEND | O_CREAT, 0644);
	if (log_fd < 0 || asprintf(&pid_path, "%s/daemon.pid", folder) < 0)
		return 3;
	if (flock(log_fd, LOCK_EX | LOCK_NB) < 0)
		return 1;
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	if (pipe(ready) < 0)
		return 3;
	if (fork() > 0) {
		close(ready[1]);
		return read(ready[0], &byte, 1) == 0 ? 0 : 3;
	}
	setsid();
	if (fork() > 0)
		_exit(0);
	detach();
	write_number();
	close(ready[1]); /* who waits for its end goes on */
	live(seconds);
	return 0;
}
