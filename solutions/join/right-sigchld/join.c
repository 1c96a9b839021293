/*
 * Children are counted by SIGCHLD.  Several ends may make one signal, so the
 * handler takes all that it can get.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t alive;

static void on_child(int number)
{
	int saved = errno;

	(void)number;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		alive--;
	errno = saved;
}

static void child(int i)
{
	struct timespec left = {.tv_sec = i};

	printf("大海%d is running\n", i);
	while (nanosleep(&left, &left) != 0)
		;
	printf("大海%d is done\n", i);
	exit(EXIT_SUCCESS);
}

/* SIGCHLD is blocked but in here. */
static void wait_until_at_most(int most, const sigset_t *mask)
{
	while (alive > most)
		sigsuspend(mask);
}

int main(int argc, char **argv)
{
	struct sigaction action = {
		.sa_handler = on_child, .sa_flags = SA_NOCLDSTOP};
	int n = 4, most_at_once, used = -1;
	struct timespec t0, t1;
	sigset_t block, before;

	if (argc == 3 && sscanf(argv[2], "%d%n", &n, &used) == 1 &&
		argv[2][used] != '\0')
		used = -1;
	if ((argc != 1 && used < 0) || n < 1) {
		fprintf(stderr, "usage: %s MODE N\n", argv[0]);
		return 2;
	}
	most_at_once = argc == 3 && !strcmp(argv[1], "serial") ? 1 : n;

	timespec_get(&t0, TIME_UTC);
	sigaction(SIGCHLD, &action, NULL);
	sigemptyset(&block);
	sigaddset(&block, SIGCHLD);
	sigprocmask(SIG_BLOCK, &block, &before);
	for (int i = 1; i <= n; i++) {
		wait_until_at_most(most_at_once - 1, &before);
		if (fork() == 0)
			child(i);
		alive++;
	}
	wait_until_at_most(0, &before);
	timespec_get(&t1, TIME_UTC);
	printf("主 %.1f\n", difftime(t1.tv_sec, t0.tv_sec) +
				    (t1.tv_nsec - t0.tv_nsec) * 1e-9);
	return 0;
}
