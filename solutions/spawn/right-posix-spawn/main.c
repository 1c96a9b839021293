/* The program spawns itself under another name. */
#include "task.h"

#include <ctype.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

extern char **environ;

static int is_number(const char *text)
{
	if (*text == '\0')
		return 0;
	for (; *text; text++)
		if (!isdigit((unsigned char)*text))
			return 0;
	return 1;
}

int main(int argc, char *argv[])
{
	char *task[] = {TASK_NAME, "大海", "3", NULL};
	pid_t pid;
	int error;

	if (argc == 3 && strcmp(argv[0], TASK_NAME) == 0)
		return run_task(argv[1], argv[2]);
	if (argc != 1) {
		if (argc != 3 || !is_number(argv[2])) {
			fputs("usage: spawn NAME SECONDS\n", stderr);
			return 2;
		}
		task[1] = argv[1];
		task[2] = argv[2];
	}
	error = posix_spawn(&pid, "/proc/self/exe", NULL, NULL, task, environ);
	if (error != 0) {
		fprintf(stderr, "spawn: %s\n", strerror(error));
		return 1;
	}
	puts("主");
	fflush(stdout);
	waitid(P_PID, pid, &(siginfo_t){0}, WEXITED);
	return 0;
}
