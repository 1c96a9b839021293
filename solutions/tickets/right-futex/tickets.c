/*
 * A mutex made by hand from one shared word and futex(2): 0 free, 1 taken,
 * 2 taken with somebody waiting.
 */
#include <linux/futex.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
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

static void mutex_lock(atomic_int *word)
{
	int expected = 0;

	if (atomic_compare_exchange_strong(word, &expected, 1))
		return;
	while (atomic_exchange(word, 2) != 0)
		syscall(SYS_futex, word, FUTEX_WAIT, 2, NULL, NULL, 0);
}

static void mutex_unlock(atomic_int *word)
{
	if (atomic_exchange(word, 0) == 2)
		syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

int main(int argc, char **argv)
{
	int buyers;
	bool lock = arguments(argc, argv, &buyers);
	atomic_int *word = mmap(NULL, sizeof(*word), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (word == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	for (int i = 0; i < buyers; i++) {
		if (fork() != 0)
			continue;
		srandom(getpid());
		search(i);
		if (lock)
			mutex_lock(word);
		buy(i);
		if (lock)
			mutex_unlock(word);
		return 0;
	}
	while (wait(NULL) > 0)
		;
	return 0;
}
