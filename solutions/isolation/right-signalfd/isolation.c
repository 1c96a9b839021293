/*
 * Main learns of the child's end from a descriptor: SIGCHLD is blocked and
 * read from a signalfd.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

static int n;

static int number(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end != '\0') {
		fprintf(stderr, "isolation: bad number '%s'\n", text);
		exit(2);
	}
	return value;
}

static void die(const char *what)
{
	perror(what);
	exit(1);
}

int main(int argc, char **argv)
{
	int value = 0;

	n = 100;
	if (argc == 3) {
		n = number(argv[1]);
		value = number(argv[2]);
	} else if (argc != 1) {
		fprintf(stderr, "usage: isolation START VALUE\n");
		return 2;
	}

	struct signalfd_siginfo info;
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_CLOEXEC);
	if (fd < 0)
		die("signalfd");
	switch (fork()) {
	case -1:
		die("fork");
		break;
	case 0:
		close(fd);
		n = value;
		printf("子 %d\n", n);
		fflush(stdout);
		_exit(0);
	}
	do {
		if (read(fd, &info, sizeof(info)) != sizeof(info))
			die("read");
	} while (waitpid(-1, NULL, WNOHANG) <= 0);
	printf("主 %d\n", n);
	return 0;
}
