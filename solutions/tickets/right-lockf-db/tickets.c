/*
 * The lock is on db.json itself: each buyer keeps one descriptor of it, and
 * reads, locks and writes through that one (pread, lockf, pwrite).
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static int read_count(int db)
{
	char text[64] = "";
	int count = 0;

	pread(db, text, sizeof(text) - 1, 0);
	sscanf(text, "{\"count\": %d", &count);
	return count;
}

/* As long as the text before, so that one pwrite replaces all of it. */
static void write_count(int db, int count)
{
	char text[64];
	int length = snprintf(text, sizeof(text), "{\"count\": %d}", count);
	off_t old = lseek(db, 0, SEEK_END);

	while (length < old && length < (int)sizeof(text))
		text[length++] = ' ';
	pwrite(db, text, length, 0);
	lseek(db, 0, SEEK_SET);
}

static int buyer_process(int buyer, bool lock)
{
	int db = open("db.json", O_RDWR), count;

	if (db < 0) {
		perror("db.json");
		return 1;
	}
	count = read_count(db);
	sleep(1);
	printf("路人%d 查看到余票为%d\n", buyer, count);

	if (lock && lockf(db, F_LOCK, 0) < 0)
		return 1;
	count = read_count(db);
	if (count > 0) {
		sleep(2);
		write_count(db, count - 1);
		printf("路人%d 购票成功\n", buyer);
	} else {
		printf("路人%d 查看到没有票了\n", buyer);
	}
	if (lock && lockf(db, F_ULOCK, 0) < 0)
		return 1;
	return 0;
}

int main(int argc, char **argv)
{
	int buyers;
	bool lock = arguments(argc, argv, &buyers);
	pid_t children[buyers];

	for (int i = 0; i < buyers; i++) {
		children[i] = fork();
		if (children[i] == 0)
			return buyer_process(i, lock);
	}
	for (int i = buyers - 1; i >= 0; i--)
		waitpid(children[i], NULL, 0);
	return 0;
}
