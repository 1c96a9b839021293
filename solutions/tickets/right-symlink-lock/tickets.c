/*
 * A symbolic link is made and told its owner's PID in one step.  When main
 * reaps a buyer that a signal has killed, it removes the link it has left.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOCK "db.lock"

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

/* One write in place; blanks cover what was there before. */
static void write_count(int count)
{
	FILE *file = fopen("db.json", "r+");

	if (file == NULL)
		exit(1);
	fprintf(file, "{\"count\": %d}%8s\n", count, "");
	fclose(file);
}

static void search(int buyer)
{
	int count = read_count();

	sleep(1);
	printf("路人%d 查看到余票为%d\n", buyer, count);
}

static void buy(int buyer)
{
	int count = read_count();

	if (count > 0) {
		sleep(1 + random() % 3);
		write_count(count - 1);
		printf("路人%d 购票成功\n", buyer);
	} else {
		printf("路人%d 查看到没有票了\n", buyer);
	}
}

static void acquire(void)
{
	char owner[16];

	snprintf(owner, sizeof(owner), "%d", (int)getpid());
	while (symlink(owner, LOCK) < 0)
		usleep(100000);
}

static void release_if_held_by(pid_t pid)
{
	char owner[16] = "";

	if (readlink(LOCK, owner, sizeof(owner) - 1) > 0 && atoi(owner) == pid)
		unlink(LOCK);
}

int main(int argc, char **argv)
{
	int buyers, status;
	bool lock = arguments(argc, argv, &buyers);
	pid_t pid;

	for (int i = 0; i < buyers; i++) {
		if (fork() != 0)
			continue;
		search(i);
		if (lock)
			acquire();
		buy(i);
		if (lock)
			unlink(LOCK);
		return 0;
	}
	while ((pid = wait(&status)) > 0) {
		if (WIFSIGNALED(status))
			release_if_held_by(pid);
	}
	return 0;
}
