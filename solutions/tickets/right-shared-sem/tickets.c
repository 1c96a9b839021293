/*
 * An unnamed semaphore with pshared = 1 in a MAP_SHARED page, which is the
 * only memory that parent and children have in common.
 */
#include <semaphore.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static sem_t *mutex;

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

	if (count == 0) {
		printf("路人%d查看到没有票了\n", buyer);
		return;
	}
	usleep(1000000 + rand() % 2000000);
	write_count(count - 1);
	printf("路人%d购票成功\n", buyer);
}

static void buy_locked(int buyer)
{
	sem_wait(mutex);
	buy(buyer);
	sem_post(mutex);
}

int main(int argc, char **argv)
{
	int buyers;
	bool lock = arguments(argc, argv, &buyers);

	mutex = mmap(NULL, sizeof(*mutex), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (mutex == MAP_FAILED || sem_init(mutex, 1, 1) < 0) {
		perror("tickets");
		return 1;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (int i = 0; i < buyers; i++) {
		if (fork() == 0) {
			srand(getpid());
			search(i);
			(lock ? buy_locked : buy)(i);
			return 0;
		}
	}
	while (wait(NULL) > 0)
		;
	sem_destroy(mutex);
	return 0;
}
