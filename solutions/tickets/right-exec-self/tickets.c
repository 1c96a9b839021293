/*
 * Every buyer is the program executed again, after vfork, under another
 * name; it opens the lock file for itself and locks it with flock.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db.h"

#define BUYER_NAME "buyer"

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

static int buyer_program(const char *mode, int buyer)
{
	int count = db_read(), lock = -1;

	sleep(1);
	printf("路人%d 查看到余票为%d\n", buyer, count);
	fflush(stdout);
	if (strcmp(mode, "lock") == 0) {
		lock = open("db.lock", O_RDONLY | O_CREAT, 0600);
		flock(lock, LOCK_EX);
	}
	count = db_read();
	if (count > 0) {
		sleep(1 + buyer % 3);
		db_write(count - 1);
		printf("路人%d 购票成功\n", buyer);
	} else {
		printf("路人%d 查看到没有票了\n", buyer);
	}
	return 0;
}

static void start_buyer(bool lock, int buyer)
{
	char number[16];

	snprintf(number, sizeof(number), "%d", buyer);
	if (vfork() == 0) {
		execl("/proc/self/exe", BUYER_NAME, lock ? "lock" : "nolock",
			number, NULL);
		_exit(127);
	}
}

int main(int argc, char **argv)
{
	int buyers;
	bool lock;

	if (strcmp(argv[0], BUYER_NAME) == 0)
		return buyer_program(argv[1], atoi(argv[2]));
	lock = arguments(argc, argv, &buyers);
	for (int i = 0; i < buyers; i++)
		start_buyer(lock, i);
	while (wait(NULL) > 0)
		;
	unlink("db.lock");
	return 0;
}
