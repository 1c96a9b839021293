/*
 * A message says that the child has spoken, and wait() that it has ended;
 * all output goes by write(2).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
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

static void say(const char *who)
{
	char line[32];
	int length = snprintf(line, sizeof(line), "%s%d\n", who, n);

	if (write(STDOUT_FILENO, line, length) != length)
		exit(1);
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

	int pair[2];
	char answer[3];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) < 0) {
		perror("socketpair");
		return 1;
	}
	if (fork() == 0) {
		close(pair[0]);
		n = value;
		say("子");
		if (write(pair[1], "ok", 3) != 3)
			_exit(1);
		_exit(0);
	}
	close(pair[1]);
	if (read(pair[0], answer, sizeof(answer)) != 3 ||
		strcmp(answer, "ok") != 0)
		return 1;
	wait(NULL);
	say("主");
	return 0;
}
