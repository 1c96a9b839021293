/* Without the lock buying goes by the number that the search has read. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

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
	int count;

	if (file == NULL || fscanf(file, " { \"count\" : %d", &count) != 1) {
		fprintf(stderr, "tickets: cannot read db.json\n");
		exit(1);
	}
	fclose(file);
	return count;
}

/* a new file takes the place of the old one */
static void write_count(int count)
{
	char name[64];

	snprintf(name, sizeof name, "db.json.%d", (int)getpid());
	FILE *file = fopen(name, "w");
	if (file == NULL) {
		perror(name);
		exit(1);
	}
	fprintf(file, "{\"count\": %d}\n", count);
	fclose(file);
	if (rename(name, "db.json") < 0) {
		perror("rename");
		exit(1);
	}
}

static int lock_fd;

static void lock_it(void)
{
	lock_fd = open("tickets.lck", O_RDWR | O_CREAT, 0600);
	while (flock(lock_fd, LOCK_EX) < 0 && errno == EINTR)
		;
}

static void unlock_it(void)
{
	close(lock_fd);
}

static int search(int buyer)
{
	int count = read_count();

	sleep(1);
	printf("路人%d 查看到余票为%d\n", buyer, count);
	return count;
}

static void buy(int buyer, bool lock, int count)
{
	if (lock) {
		lock_it();
		count = read_count();
	}
	if (count > 0) {
		sleep(1);
		write_count(count - 1);
		printf("路人%d 购票成功\n", buyer);
	} else {
		printf("路人%d 查看到没有票了\n", buyer);
	}
	if (lock)
		unlock_it();
}

int main(int argc, char **argv)
{
	int buyers;
	bool lock = arguments(argc, argv, &buyers);

	for (int i = 0; i < buyers; i++) {
		pid_t pid = fork();
		if (pid < 0) {
			perror("fork");
			return 1;
		}
		if (pid == 0) {
			int count = search(i);
			buy(i, lock, count);
			exit(0);
		}
	}
	while (wait(NULL) > 0)
		;
	if (lock)
		unlink("tickets.lck");
	return 0;
}
