/*
 * Main starts a helper, the helper starts the child and waits for it, main
 * waits for the helper.  Three processes, three copies of n.
 */
#include <stdio.h>
#include <stdlib.h>
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

static pid_t start(void (*role)(int), int value)
{
	pid_t pid = fork();

	if (pid < 0) {
		perror("fork");
		exit(1);
	}
	if (pid == 0) {
		role(value);
		exit(0);
	}
	return pid;
}

static void child(int value)
{
	n = value;
	printf("子 %d\n", n);
}

static void helper(int value)
{
	n = -1;
	waitpid(start(child, value), NULL, 0);
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

	waitpid(start(helper, value), NULL, 0);
	printf("主 %d\n", n);
	return 0;
}
