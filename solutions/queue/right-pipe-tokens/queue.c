/*
 * Two pipes: the items go one way, tokens for the free places come back.
 * Whoever finds no token in the pipe finds the basket full.  vfork and exec:
 * the two roles are the program itself with the descriptors as arguments.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define RECORD 64

static void whole(ssize_t n, size_t wanted)
{
	if (n != (ssize_t)wanted) {
		fprintf(stderr, "queue: broken pipe\n");
		exit(1);
	}
}

static void put_side(int items, int data, int tokens)
{
	for (int k = 0; k < items; k++) {
		char record[RECORD] = {0}, token;
		struct pollfd ask = {.fd = tokens, .events = POLLIN};

		if (fgets(record, RECORD, stdin))
			record[strcspn(record, "\n")] = '\0';
		else
			snprintf(record, RECORD, "item%d", k);
		if (poll(&ask, 1, 0) == 0) {
			printf("篮子满了\n");
			fflush(stdout);
		}
		whole(read(tokens, &token, 1), 1);
		whole(write(data, record, RECORD), RECORD);
		printf("放入 %s\n", record);
		fflush(stdout);
	}
}

static void get_side(int items, int data, int tokens)
{
	char record[RECORD];

	for (int k = 0; k < items; k++) {
		sleep(1);
		whole(read(data, record, RECORD), RECORD);
		whole(write(tokens, "t", 1), 1);
		printf("取出 %s\n", record);
		fflush(stdout);
	}
	printf("队列为空\n");
}

static pid_t start(char *self, char *role, char *items, int a, int b)
{
	char first[12], second[12];
	pid_t pid;

	snprintf(first, sizeof(first), "%d", a);
	snprintf(second, sizeof(second), "%d", b);
	pid = vfork();
	if (pid == 0) {
		execl(self, self, role, items, first, second, (char *)NULL);
		_exit(127);
	}
	return pid;
}

static int count(const char *text, long most)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (end == text || *end || n < 1 || n > most) {
		fprintf(stderr, "%s: bad count\n", text);
		exit(2);
	}
	return (int)n;
}

int main(int argc, char **argv)
{
	int data[2], tokens[2], capacity = 3;
	char *items = "4";
	pid_t a, b;

	if (argc == 5 && !strcmp(argv[1], "--put")) {
		put_side(atoi(argv[2]), atoi(argv[3]), atoi(argv[4]));
		return 0;
	}
	if (argc == 5 && !strcmp(argv[1], "--get")) {
		get_side(atoi(argv[2]), atoi(argv[3]), atoi(argv[4]));
		return 0;
	}
	if (argc == 3) {
		capacity = count(argv[1], 10);
		(void)count(argv[2], 1000000);
		items = argv[2];
	} else if (argc != 1) {
		fprintf(stderr, "usage: %s CAPACITY ITEMS\n", argv[0]);
		return 2;
	}
	if (pipe(data) || pipe(tokens)) {
		perror("pipe");
		return 1;
	}
	whole(write(tokens[1], "tttttttttt", capacity), capacity);
	a = start("/proc/self/exe", "--put", items, data[1], tokens[0]);
	b = start("/proc/self/exe", "--get", items, data[0], tokens[1]);
	waitpid(a, NULL, 0);
	waitpid(b, NULL, 0);
	return 0;
}
