/*
 * A monitor in shared memory: a process-shared mutex guards the flag
 * "somebody is buying", a condition variable wakes those who wait for it.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct counter {
	pthread_mutex_t mutex;
	pthread_cond_t free;
	bool busy;
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

static struct counter *counter_new(void)
{
	struct counter *counter = mmap(NULL, sizeof(*counter),
		PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_t mutex;
	pthread_condattr_t condition;

	if (counter == MAP_FAILED)
		exit(1);
	pthread_mutexattr_init(&mutex);
	pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&counter->mutex, &mutex);
	pthread_condattr_init(&condition);
	pthread_condattr_setpshared(&condition, PTHREAD_PROCESS_SHARED);
	pthread_cond_init(&counter->free, &condition);
	return counter;
}

static void enter(struct counter *counter)
{
	pthread_mutex_lock(&counter->mutex);
	while (counter->busy)
		pthread_cond_wait(&counter->free, &counter->mutex);
	counter->busy = true;
	pthread_mutex_unlock(&counter->mutex);
}

static void leave(struct counter *counter)
{
	pthread_mutex_lock(&counter->mutex);
	counter->busy = false;
	pthread_cond_signal(&counter->free);
	pthread_mutex_unlock(&counter->mutex);
}

int main(int argc, char **argv)
{
	int buyers;
	bool lock = arguments(argc, argv, &buyers);
	struct counter *counter = counter_new();

	for (int i = 0; i < buyers; i++) {
		if (fork() != 0)
			continue;
		srandom(getpid());
		search(i);
		if (lock)
			enter(counter);
		buy(i);
		if (lock)
			leave(counter);
		return 0;
	}
	while (wait(NULL) > 0)
		;
	return 0;
}
