/*
 * The number is written to a file of its own, which link() then gives the
 * name daemon.pid: whole at once, and for one only.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char home[PATH_MAX];

static const char *at_home(const char *name)
{
	static char path[2][PATH_MAX + 64];
	static int turn;

	turn = !turn;
	snprintf(path[turn], sizeof(path[turn]), "%s/%s", home, name);
	return path[turn];
}

static void say(const char *word)
{
	int fd = open(at_home("daemon.log"), O_WRONLY | O_CREAT | O_APPEND,
		0666);
	char line[32];

	snprintf(line, sizeof(line), "%s\n", word);
	if (write(fd, line, strlen(line)) < 0)
		abort();
	close(fd);
}

static int claim(void)
{
	char own[64];
	int fd, result;

	snprintf(own, sizeof(own), "daemon.pid.%d", getpid());
	fd = open(at_home(own), O_WRONLY | O_CREAT | O_TRUNC, 0644);
	dprintf(fd, "%d\n", getpid());
	close(fd);
	result = link(at_home(own), at_home("daemon.pid"));
	unlink(at_home(own));
	return result;
}

static int daemon_life(long seconds, const sigset_t *term)
{
	struct timespec until, now, wait;
	long second;

	clock_gettime(CLOCK_MONOTONIC, &until);
	for (second = 0; second < seconds; second++) {
		say("alive");
		until.tv_sec++;
		do {
			clock_gettime(CLOCK_MONOTONIC, &now);
			wait.tv_sec = until.tv_sec - now.tv_sec;
			wait.tv_nsec = until.tv_nsec - now.tv_nsec;
			if (wait.tv_nsec < 0) {
				wait.tv_nsec += 1000000000L;
				wait.tv_sec--;
			}
			if (wait.tv_sec < 0)
				break;
			if (sigtimedwait(term, NULL, &wait) == SIGTERM)
				goto done;
		} while (errno == EINTR);
	}
done:
	unlink(at_home("daemon.pid"));
	say("bye");
	return 0;
}

int main(int argc, char **argv)
{
	long seconds = 10;
	int report[2], fd;
	char result;
	sigset_t term;

	if (argc > 1) {
		char *rest;

		seconds = strtol(argv[1], &rest, 10);
		if (argc > 2 || rest == argv[1] || *rest || seconds < 0) {
			fputs("usage: unix-daemon [SECONDS >= 0]\n", stderr);
			exit(2);
		}
	}
	if (!getcwd(home, sizeof(home)) || pipe(report))
		exit(3);
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	if (fork()) {
		close(report[1]);
		return read(report[0], &result, 1) == 1 ? result : 3;
	}
	setsid();
	if (fork())
		_exit(0);
	sigprocmask(SIG_BLOCK, &term, NULL);
	umask(0);
	if (chdir("/"))
		_exit(3);
	result = claim() ? 1 : 0;
	fd = open("/dev/null", O_RDWR);
	dup2(fd, STDIN_FILENO);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	if (write(report[1], &result, 1) != 1)
		_exit(3);
	close(report[0]);
	close(report[1]);
	if (result)
		_exit(1);
	return daemon_life(seconds, &term);
}
