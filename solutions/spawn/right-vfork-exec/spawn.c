/*
 * After vfork the parent stands still until the child calls exec, so the child
 * does nothing else; what it needs it finds in its environment.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int child(const char *name)
{
	long left = atol(getenv("TASK_SECONDS"));

	printf("%s is running\n", name);
	for (; left > 0; left--)
		sleep(1);
	printf("%s is done\n", name);
	return 0;
}

static int fail(const char *why)
{
	fprintf(stderr, "%s: %s\n", program_invocation_short_name, why);
	return 2;
}

int main(int argc, char **argv)
{
	char *name = "大海", *seconds = "3", *end;
	int status;
	pid_t pid;

	if (getenv("TASK_NAME"))
		return child(getenv("TASK_NAME"));
	if (argc != 1 && argc != 3)
		return fail("NAME and SECONDS expected");
	if (argc == 3) {
		name = argv[1];
		seconds = argv[2];
		errno = 0;
		if (!*seconds || strtol(seconds, &end, 10) < 0 || *end || errno)
			return fail("SECONDS is not a number");
	}
	setenv("TASK_NAME", name, 1);
	setenv("TASK_SECONDS", seconds, 1);
	pid = vfork();
	if (pid == 0) {
		execl("/proc/self/exe", argv[0], (char *)NULL);
		_exit(127);
	}
	if (pid < 0) {
		perror("vfork");
		return 1;
	}
	printf("主\n");
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return 0;
}
