/*
 * Main is told of its child's end by SIGCHLD.  The signal is blocked but in
 * sigsuspend(), so it cannot come between the look at the flag and the wait.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t ended;

static void on_child(int signal)
{
	(void)signal;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		ended = 1;
}

static unsigned parse(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (*text == '\0' || *end != '\0' || value < 0) {
		fprintf(stderr, "'%s' is no number of seconds\n", text);
		exit(2);
	}
	return value;
}

int main(int argc, char **argv)
{
	struct sigaction action = {.sa_handler = on_child};
	const char *name = argc == 3 ? argv[1] : "大海";
	unsigned seconds = 3;
	sigset_t block, before;

	if (argc != 1 && argc != 3) {
		fprintf(stderr, "spawn: two arguments or none\n");
		return 2;
	}
	if (argc == 3)
		seconds = parse(argv[2]);
	sigemptyset(&block);
	sigaddset(&block, SIGCHLD);
	sigprocmask(SIG_BLOCK, &block, &before);
	sigemptyset(&action.sa_mask);
	sigaction(SIGCHLD, &action, NULL);

	switch (fork()) {
	case -1:
		perror("fork");
		return 1;
	case 0:
		printf("%s is running\n", name);
		sleep(seconds);
		printf("%s is done\n", name);
		exit(0);
	}
	printf("主\n");
	while (!ended)
		sigsuspend(&before);
	return 0;
}
