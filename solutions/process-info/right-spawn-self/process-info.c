/*
 * The program executes itself: posix_spawn with the write end of a pipe as
 * the child's descriptor 3.
 */
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHILD "process-info: child"

extern char **environ;

static int child(void)
{
	printf("%d is running爹是 %d\n", getpid(), getppid());
	fflush(stdout);
	close(3);
	sleep(3);
	printf("%d is done爹是 %d\n", getpid(), getppid());
	return 0;
}

static pid_t start(int *lifeline)
{
	char *arguments[] = {CHILD, NULL};
	posix_spawn_file_actions_t actions;
	int ends[2];
	pid_t pid;

	if (pipe(ends) < 0)
		return -1;
	posix_spawn_file_actions_init(&actions);
	if (ends[1] != 3)
		posix_spawn_file_actions_adddup2(&actions, ends[1], 3);
	posix_spawn_file_actions_addclose(
		&actions, ends[0] == 3 ? ends[1] : ends[0]);
	if (ends[0] == 3)
		posix_spawn_file_actions_addclose(&actions, 4);
	else if (ends[1] != 3)
		posix_spawn_file_actions_addclose(&actions, ends[1]);
	if (posix_spawn(&pid, "/proc/self/exe", &actions, NULL, arguments,
		    environ) != 0)
		pid = -1;
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	*lifeline = ends[0];
	return pid;
}

int main(int argc, char **argv)
{
	int lifeline;
	char byte;
	pid_t pid;

	if (strcmp(argv[0], CHILD) == 0)
		return child();
	if (argc != 1) {
		fprintf(stderr, "usage: %s\n", argv[0]);
		return 2;
	}
	pid = start(&lifeline);
	if (pid < 0) {
		fprintf(stderr, "process-info: cannot start the child\n");
		return 1;
	}
	while (read(lifeline, &byte, 1) > 0)
		; /* its end of file says that the child has spoken */
	printf("is_alive True\n");
	kill(pid, SIGTERM);
	while (waitpid(pid, NULL, 0) != pid)
		;
	printf("is_alive False\n");
	printf("主%d爹是 %d\n", getpid(), getppid());
	return 0;
}
