/*
 * Each buyer is a process that does its errands in threads of its own, the
 * search in one and the purchase in another; between processes fcntl locks.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct errand {
	int buyer;
	bool lock;
	int lock_fd;
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

static void *search(void *argument)
{
	struct errand *errand = argument;
	int count = read_count();

	sleep(1);
	printf("路人%d 查看到余票为%d\n", errand->buyer, count);
	return NULL;
}

static void *buy(void *argument)
{
	struct errand *errand = argument;
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int count;

	if (errand->lock)
		fcntl(errand->lock_fd, F_SETLKW, &lock);
	count = read_count();
	if (count > 0) {
		sleep(1 + errand->buyer % 2);
		write_count(count - 1);
		printf("路人%d 购票成功\n", errand->buyer);
	} else {
		printf("路人%d 查看到没有票了\n", errand->buyer);
	}
	lock.l_type = F_UNLCK;
	if (errand->lock)
		fcntl(errand->lock_fd, F_SETLK, &lock);
	return NULL;
}

static void run_thread(void *(*work)(void *), struct errand *errand)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, work, errand) != 0)
		exit(1);
	pthread_join(thread, NULL);
}

int main(int argc, char **argv)
{
	struct errand errand;
	int buyers;

	errand.lock = arguments(argc, argv, &buyers);
	errand.lock_fd = open("db.lock", O_CREAT | O_RDWR, 0600);
	unlink("db.lock");
	for (errand.buyer = 0; errand.buyer < buyers; errand.buyer++) {
		if (fork() == 0) {
			run_thread(search, &errand);
			run_thread(buy, &errand);
			return 0;
		}
	}
	while (wait(NULL) > 0)
		;
	return 0;
}
