/*
 * vfork lends the child our memory, so it must not touch n: it executes the
 * program anew, which tells by an environment variable that it is the child.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
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

static void be_the_child(const char *value)
{
	n = atoi(value);
	printf("子 %d\n", n);
	exit(0);
}

int main(int argc, char **argv)
{
	const char *role = getenv("ISOLATION_CHILD");

	if (role)
		be_the_child(role);

	int value = 0;

	n = 100;
	if (argc == 3) {
		n = number(argv[1]);
		value = number(argv[2]);
	} else if (argc != 1) {
		fprintf(stderr, "usage: isolation START VALUE\n");
		return 2;
	}

	char setting[40];
	char *const environment[] = {setting, NULL};
	char *const arguments[] = {argv[0], NULL};

	snprintf(setting, sizeof(setting), "ISOLATION_CHILD=%d", value);
	if (vfork() == 0) {
		execve("/proc/self/exe", arguments, environment);
		_exit(127);
	}
	wait(NULL);
	printf("主 %d\n", n);
	return 0;
}
