/* One poll() for signals and ticks; a record lock for the only one. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

struct daemon {
	int folder; /* where it was started */
	int pid, log;
	long left; /* seconds */
};

static bool take_lock(struct daemon *d)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	d->pid = openat(d->folder, "daemon.pid", O_RDWR | O_CREAT, 0644);
	return d->pid >= 0 && fcntl(d->pid, F_SETLK, &lock) == 0;
}

static void release_terminal(void)
{
	int null = open("/dev/null", O_RDWR);

	for (int fd = 0; fd < 2; fd++)
		dup2(null, fd);
	if (null > 2)
		close(null);
}

static void serve(struct daemon *d)
{
	struct itimerspec every = {{1, 0}, {1, 0}};
	int ticks = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	struct pollfd both[2];
	sigset_t term;

	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	both[0] = (struct pollfd){signalfd(-1, &term, 0), POLLIN, 0};
	both[1] = (struct pollfd){ticks, POLLIN, 0};
	timerfd_settime(ticks, 0, &every, NULL);
	dprintf(d->log, "alive\n");
	while (d->left > 0) {
		uint64_t expired;

		poll(both, 2, -1);
		if (both[0].revents)
			break;
		if (read(ticks, &expired, sizeof(expired)) < 0)
			continue;
		d->left -= (long)expired;
		if (d->left > 0)
			dprintf(d->log, "alive\n");
	}
	unlinkat(d->folder, "daemon.pid", 0);
	dprintf(d->log, "bye\n");
}

static void become(struct daemon *d, int answer)
{
	sigset_t term;

	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	setsid();
	if (fork() > 0)
		_exit(0);
	if (!take_lock(d)) {
		if (write(answer, "n", 1) < 0)
			_exit(4);
		_exit(1);
	}
	umask(0);
	if (chdir("/") < 0 || ftruncate(d->pid, 0) < 0)
		_exit(4);
	dprintf(d->pid, "%ld\n", (long)getpid());
	d->log = openat(d->folder, "daemon.log", O_WRONLY | O_APPEND | O_CREAT,
		0644);
	release_terminal();
	if (write(answer, "y", 1) < 0)
		_exit(4);
	close(answer);
	serve(d);
	_exit(0);
}

int main(int argc, char **argv)
{
	struct daemon d = {.left = 10};
	char *end = "", answer = 'n';
	int ends[2];

	errno = 0;
	if (argc == 2)
		d.left = strtol(argv[1], &end, 10);
	if (argc > 2 || errno || *end || d.left < 0 ||
		(argc == 2 && !*argv[1])) {
		fprintf(stderr, "usage: %s [SECONDS]\n", argv[0]);
		return 2;
	}
	d.folder = open(".", O_RDONLY | O_DIRECTORY);
	if (pipe(ends) < 0)
		return 4;
	if (fork() == 0) {
		close(ends[0]);
		become(&d, ends[1]);
	}
	close(ends[1]);
	if (read(ends[0], &answer, 1) != 1)
		answer = 'n';
	return answer == 'y' ? 0 : 1;
}
