/*
 * The buyers are threads with a mutex around the purchase; threads are
 * lighter than processes and do the same work.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static bool lock;

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

	if (file != NULL) {
		fscanf(file, "{\"count\": %d", &count);
		fclose(file);
	}
	return count;
}

static void write_count(int count)
{
	FILE *file = fopen("db.json", "r+");

	if (file != NULL) {
		fprintf(file, "{\"count\": %d}%8s\n", count, "");
		fclose(file);
	}
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

static void *buyer_thread(void *argument)
{
	int buyer = *(int *)argument;

	search(buyer);
	if (lock)
		pthread_mutex_lock(&mutex);
	buy(buyer);
	if (lock)
		pthread_mutex_unlock(&mutex);
	return NULL;
}

int main(int argc, char **argv)
{
	int buyers;

	lock = arguments(argc, argv, &buyers);

	pthread_t threads[buyers];
	int numbers[buyers];

	for (int i = 0; i < buyers; i++) {
		numbers[i] = i;
		pthread_create(&threads[i], NULL, buyer_thread, &numbers[i]);
	}
	for (int i = 0; i < buyers; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
