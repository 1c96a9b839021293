/*
 * A System V message queue with one message: receiving it is locking,
 * sending it back is unlocking.  Output is unbuffered and made of pieces.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/wait.h>
#include <unistd.h>

struct token {
	long type;
	char nothing;
};

static bool arguments(int argc, char **argv, int *buyers)
{
	char *end;

	*buyers = 10;
	if (argc == 1)
		return true;
	if (argc == 3) {
		bool lock = strcmp(argv[1], "lock") == 0;

		*buyers = strtol(argv[2], &end, 10);
		if (end != argv[2] && *end == '\0' && *buyers >= 1 &&
			(lock || strcmp(argv[1], "nolock") == 0))
			return lock;
	}
	fprintf(stderr, "usage: tickets lock|nolock BUYERS\n");
	exit(2);
}

static int read_count(void)
{
	FILE *file = fopen("db.json", "r");
	int count = 0;

	if (file == NULL || fscanf(file, " { \"count\" : %d", &count) != 1) {
		fprintf(stderr, "tickets: cannot read db.json\n");
		exit(1);
	}
	fclose(file);
	return count;
}

/* A reader sees the old file or the new one, never a part. */
static void write_count(int count)
{
	char name[32];
	FILE *file;

	snprintf(name, sizeof(name), "db.json.%d", (int)getpid());
	file = fopen(name, "w");
	if (file == NULL)
		exit(1);
	fprintf(file, "{\"count\": %d}\n", count);
	fclose(file);
	rename(name, "db.json");
}

static void say(int buyer, const char *what)
{
	printf("路人%d ", buyer);
	printf("%s\n", what);
}

static void search(int buyer)
{
	int count = read_count();

	sleep(1);
	printf("路人%d ", buyer);
	printf("查看到余票为%d\n", count);
}

static void buy(int buyer)
{
	int count = read_count();

	if (count <= 0) {
		say(buyer, "查看到没有票了");
		return;
	}
	sleep(3);
	write_count(count - 1);
	say(buyer, "购票成功");
}

int main(int argc, char **argv)
{
	int buyers;
	bool lock = arguments(argc, argv, &buyers);
	int queue = msgget(IPC_PRIVATE, 0600);
	struct token token = {.type = 1};

	setvbuf(stdout, NULL, _IONBF, 0);
	if (queue < 0 || msgsnd(queue, &token, 1, 0) < 0) {
		perror("message queue");
		return 1;
	}
	for (int i = 0; i < buyers; i++) {
		if (fork() != 0)
			continue;
		search(i);
		if (lock)
			msgrcv(queue, &token, 1, 1, 0);
		buy(i);
		if (lock)
			msgsnd(queue, &token, 1, 0);
		return 0;
	}
	while (wait(NULL) > 0)
		;
	msgctl(queue, IPC_RMID, NULL);
	return 0;
}
