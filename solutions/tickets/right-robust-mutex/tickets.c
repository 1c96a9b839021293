/*
 * A process-shared mutex that is robust: when its holder dies, the next one
 * gets EOWNERDEAD, makes the mutex consistent again and goes on.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
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
	sscanf(text, "{\"count\":%d", &count);
	return count;
}

static void write_count(int db, int count)
{
	char text[64];

	snprintf(text, sizeof(text), "{\"count\": %d}%10s\n", count, "");
	pwrite(db, text, strlen(text), 0);
}

static pthread_mutex_t *new_mutex(void)
{
	pthread_mutex_t *mutex = mmap(NULL, sizeof(*mutex),
		PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_t attributes;

	if (mutex == MAP_FAILED)
		exit(1);
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(mutex, &attributes);
	pthread_mutexattr_destroy(&attributes);
	return mutex;
}

static void buyer_process(int buyer, int db, pthread_mutex_t *mutex)
{
	int count = read_count(db);

	sleep(1);
	printf("路人%d 查看到余票为%d\n", buyer, count);

	if (mutex != NULL && pthread_mutex_lock(mutex) == EOWNERDEAD)
		pthread_mutex_consistent(mutex);
	count = read_count(db);
	if (count > 0) {
		sleep(1 + buyer % 2);
		write_count(db, count - 1);
	}
	if (mutex != NULL)
		pthread_mutex_unlock(mutex);

	if (count > 0)
		printf("路人%d 购票成功\n", buyer);
	else
		printf("路人%d 查看到没有票了\n", buyer);
}

int main(int argc, char **argv)
{
	int buyers, db;
	bool lock = arguments(argc, argv, &buyers);
	pthread_mutex_t *mutex = lock ? new_mutex() : NULL;

	db = open("db.json", O_RDWR);
	if (db < 0) {
		perror("db.json");
		return 1;
	}
	for (int i = 0; i < buyers; i++) {
		if (fork() == 0) {
			buyer_process(i, db, mutex);
			return 0;
		}
	}
	while (wait(NULL) > 0)
		;
	return 0;
}
