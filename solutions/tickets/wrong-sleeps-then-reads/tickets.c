/* A buyer sleeps first and reads and writes the file then. */
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

static void search(int buyer)
{
	int count = read_count();

	sleep(1);
	printf("路人%d 查看到余票为%d\n", buyer, count);
}

static void buy(int buyer)
{
	int count;

	sleep(1 + random() % 3);
	count = read_count();
	if (count > 0) {
		write_count(count - 1);
		printf("路人%d 购票成功\n", buyer);
	} else {
		printf("路人%d 查看到没有票了\n", buyer);
	}
}

static void buyer_process(int buyer, bool lock)
{
	int fd = open("db.lock", O_CREAT | O_RDWR | O_CLOEXEC, 0600);

	srandom(getpid());
	search(buyer);
	if (lock)
		flock(fd, LOCK_EX);
	buy(buyer);
	close(fd);
}

int main(int argc, char **argv)
{
	int buyers;
	bool lock = arguments(argc, argv, &buyers);

	for (int i = 0; i < buyers; i++) {
		if (fork() == 0) {
			buyer_process(i, lock);
			return 0;
		}
	}
	while (wait(NULL) > 0)
		;
	unlink("db.lock");
	return 0;
}
