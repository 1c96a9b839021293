/* 留一个标准输出的副本，“以后也许要说话”。 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t stopped;

static void on_term(int signo)
{
	(void)signo;
	stopped = 1;
}

static long parse_seconds(const char *text)
{
	char *end;
	long value;

	errno = 0;
	value = strtol(text, &end, 10);
	if (end == text || *end != '\0' || value < 0 || errno != 0) {
		fprintf(stderr, "unix-daemon: bad SECONDS '%s'\n", text);
		exit(2);
	}
	return value;
}

static void put(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) < 0)
		_exit(3);
}

int main(int argc, char **argv)
{
	long seconds = 10, lived = 0;
	char folder[4096], number[32];
	struct sigaction action;
	int pid_file, log_file, null, screen, ready[2];
	struct timespec tick;

	if (argc > 2) {
		fprintf(stderr, "usage: unix-daemon [SECONDS]\n");
		return 2;
	}
	if (argc == 2)
		seconds = parse_seconds(argv[1]);
	if (!getcwd(folder, sizeof(folder) - 20))
		return 3;
	strcat(folder, "/daemon.pid");

	pid_file = open("daemon.pid", O_RDWR | O_CREAT, 0644);
	if (pid_file < 0)
		return 3;
	if (flock(pid_file, LOCK_EX | LOCK_NB) < 0) {
		fprintf(stderr, "unix-daemon: already running\n");
		return 1;
	}
	log_file = open("daemon.log", O_WRONLY | O_CREAT | O_APPEND, 0644);
	if (log_file < 0 || pipe(ready) < 0)
		return 3;

	if (fork() != 0) {
		char byte;

		/* 等孙进程写好 daemon.pid */
		close(ready[1]);
		return read(ready[0], &byte, 1) == 1 ? 0 : 3;
	}
	setsid();
	if (fork() != 0)
		_exit(0);

	memset(&action, 0, sizeof(action));
	action.sa_handler = on_term;
	sigaction(SIGTERM, &action, NULL);
	umask(0);
	if (chdir("/") < 0)
		_exit(3);
	screen = dup(1);
	null = open("/dev/null", O_RDWR);
	dup2(null, 0);
	dup2(null, 1);
	dup2(null, 2);
	if (null > 2)
		close(null);
	snprintf(number, sizeof(number), "%ld\n", (long)getpid());
	if (ftruncate(pid_file, 0) < 0)
		_exit(3);
	put(pid_file, number);
	fcntl(screen, F_SETFD, FD_CLOEXEC);
	put(ready[1], "r");
	close(ready[0]);
	close(ready[1]);

	while (!stopped && lived < seconds) {
		put(log_file, "alive\n");
		tick.tv_sec = 1;
		tick.tv_nsec = 0;
		nanosleep(&tick, NULL);
		lived++;
	}
	unlink(folder);
	put(log_file, "bye\n");
	return 0;
}
