/*
 * Two threads in the parent: one lives its seconds and then kills the child,
 * one sees the child's end.  WNOWAIT keeps the PID valid until both are done.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct reign {
	pid_t child;
	unsigned seconds;
};

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

static void *rule(void *argument)
{
	struct reign *reign = argument;

	sleep(reign->seconds);
	puts("皇帝正在死亡");
	kill(reign->child, SIGKILL);
	return NULL;
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

	struct reign reign = {.seconds = parent_seconds};
	pthread_t emperor;
	siginfo_t info;

	reign.child = fork();
	if (reign.child == 0) {
		puts("老太监活着");
		sleep(child_seconds);
		puts("老太监正常死亡");
		return 0;
	}
	if (reign.child < 0 ||
		pthread_create(&emperor, NULL, rule, &reign) != 0) {
		fprintf(stderr, "daemon: cannot start\n");
		return 1;
	}
	waitid(P_PID, reign.child, &info, WEXITED | WNOWAIT);
	pthread_join(emperor, NULL);
	waitpid(reign.child, NULL, 0);
	return 0;
}
