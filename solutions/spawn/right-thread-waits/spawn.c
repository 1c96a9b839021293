/*
 * A thread starts the child and waits for it while main goes on.  Main's line
 * does not pass through stdout's buffer: the fork may come at any moment, and
 * the child would get a copy of what is in there.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *name = "大海";
static int seconds = 3;

static void *look_after_child(void *unused)
{
	pid_t child = fork();

	(void)unused;
	if (child == 0) {
		printf("%s is running\n", name);
		fflush(stdout);
		sleep(seconds);
		printf("%s is done\n", name);
		fflush(stdout);
		_exit(EXIT_SUCCESS);
	}
	if (child > 0)
		waitpid(child, NULL, 0);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread;
	char *end = NULL;

	if (argc == 3) {
		name = argv[1];
		seconds = (int)strtol(argv[2], &end, 10);
		if (end == argv[2] || *end || seconds < 0) {
			fprintf(stderr, "%s: not a number\n", argv[2]);
			return 2;
		}
	} else if (argc > 1) {
		fprintf(stderr, "%s NAME SECONDS\n", argv[0]);
		return 2;
	}
	if (pthread_create(&thread, NULL, look_after_child, NULL) != 0)
		return 1;
	dprintf(STDOUT_FILENO, "主\n");
	pthread_join(thread, NULL);
	return 0;
}
