/*
 * The parent's death arrives as a blocked SIGTERM, which the child takes
 * with sigtimedwait; the timeout of that call is the child's natural life.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

static unsigned seconds(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end != '\0' || value < 0) {
		fprintf(stderr, "daemon: bad number of seconds '%s'\n", text);
		exit(2);
	}
	return value;
}

static int eunuch(pid_t emperor, unsigned life)
{
	struct timespec limit = {.tv_sec = life};
	sigset_t death;

	sigemptyset(&death);
	sigaddset(&death, SIGTERM);
	sigprocmask(SIG_BLOCK, &death, NULL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != emperor)
		return 0;
	puts("老太监活着");
	if (sigtimedwait(&death, NULL, &limit) == SIGTERM)
		return 0;
	puts("老太监正常死亡");
	return 0;
}

int main(int argc, char **argv)
{
	unsigned child_seconds = 3, parent_seconds = 1;

	if (argc == 3) {
		child_seconds = seconds(argv[1]);
		parent_seconds = seconds(argv[2]);
	} else if (argc != 1) {
		fprintf(stderr, "usage: daemon CHILD_SECONDS PARENT_SECONDS\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);

	struct sigaction no_zombies = {
		.sa_handler = SIG_DFL,
		.sa_flags = SA_NOCLDWAIT,
	};
	pid_t emperor = getpid(), child;

	sigaction(SIGCHLD, &no_zombies, NULL);
	child = fork();
	if (child < 0) {
		perror("fork");
		return 1;
	}
	if (child == 0)
		return eunuch(emperor, child_seconds);
	sleep(parent_seconds);
	puts("皇帝正在死亡");
	return 0;
}
