/*
 * The program spawns itself with the read end of a pipe as standard input;
 * the child's select() returns early only when the parent is gone.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "roles.h"

unsigned seconds(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end != '\0' || value < 0) {
		fprintf(stderr, "daemon: bad number of seconds '%s'\n", text);
		exit(2);
	}
	return value;
}

/* The write end stays open, in this process alone, until it dies. */
static int start_eunuch(char *life)
{
	char *const arguments[] = {EUNUCH_NAME, life, NULL};
	posix_spawn_file_actions_t actions;
	int lifeline[2], error;

	if (pipe2(lifeline, O_CLOEXEC) < 0)
		return -1;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, lifeline[0], STDIN_FILENO);
	error = posix_spawn(
		NULL, "/proc/self/exe", &actions, NULL, arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(lifeline[0]);
	return error == 0 ? 0 : -1;
}

int main(int argc, char **argv)
{
	char *life = "3";
	unsigned parent_seconds = 1;

	if (strcmp(argv[0], EUNUCH_NAME) == 0)
		return eunuch(seconds(argv[1]));
	if (argc == 3) {
		seconds(argv[1]);
		life = argv[1];
		parent_seconds = seconds(argv[2]);
	} else if (argc != 1) {
		fprintf(stderr, "usage: daemon CHILD_SECONDS PARENT_SECONDS\n");
		return 2;
	}
	signal(SIGCHLD, SIG_IGN);
	if (start_eunuch(life) < 0) {
		perror("daemon");
		return 1;
	}
	sleep(parent_seconds);
	printf("皇帝正在死亡\n");
	return 0;
}
