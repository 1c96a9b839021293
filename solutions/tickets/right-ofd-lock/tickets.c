/*
 * An open file description lock on db.json: it stays until this description
 * is closed, whatever other descriptors of the file the process closes.
 */
#define _GNU_SOURCE
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

/* Reads to the end of the file, one block after the other. */
static int read_count(void)
{
	char text[256];
	size_t length = 0;
	ssize_t got;
	int fd = open("db.json", O_RDONLY);

	if (fd < 0)
		exit(1);
	while ((got = read(fd, text + length, sizeof(text) - 1 - length)) > 0)
		length += got;
	close(fd);
	text[length] = '\0';
	return atoi(strchr(text, ':') + 1);
}

static void write_count(int db, int count)
{
	char text[40];
	int length = snprintf(
		text, sizeof(text), "{\n  \"count\": %-6d\n}\n", count);

	pwrite(db, text, length, 0);
}

static void buyer_process(int buyer, bool lock)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int count = read_count(), db;

	sleep(1);
	printf("路人%d 查看到余票为%d\n", buyer, count);
	db = open("db.json", O_RDWR);
	if (db < 0 || (lock && fcntl(db, F_OFD_SETLKW, &whole) < 0)) {
		perror("db.json");
		exit(1);
	}
	count = read_count();
	if (count > 0) {
		sleep(1 + rand() % 3);
		write_count(db, count - 1);
		printf("路人%d 购票成功\n", buyer);
	} else {
		printf("路人%d 查看到没有票了\n", buyer);
	}
	close(db);
}

int main(int argc, char **argv)
{
	int buyers;
	bool lock = arguments(argc, argv, &buyers);

	for (int i = 0; i < buyers; i++) {
		if (fork() == 0) {
			srand(i);
			buyer_process(i, lock);
			return 0;
		}
	}
	while (wait(NULL) > 0)
		;
	return 0;
}
