/*
 * A System V semaphore.  With SEM_UNDO the kernel takes the operation back
 * when a process dies, so that a killed buyer cannot keep the others out.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/sem.h>
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

	if (file == NULL)
		exit(1);
	fscanf(file, "%*[^0-9]%d", &count);
	fclose(file);
	return count;
}

static void write_count(int count)
{
	char name[] = "db-XXXXXX";
	int fd = mkstemp(name);

	if (fd < 0)
		exit(1);
	dprintf(fd, "{\"count\": %d}", count);
	close(fd);
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

static void change(int semaphore, short difference)
{
	struct sembuf operation = {0, difference, SEM_UNDO};

	if (semop(semaphore, &operation, 1) < 0) {
		perror("semop");
		exit(1);
	}
}

int main(int argc, char **argv)
{
	int buyers;
	bool lock = arguments(argc, argv, &buyers);
	int semaphore = semget(IPC_PRIVATE, 1, 0600);

	if (semaphore < 0 || semctl(semaphore, 0, SETVAL, 1) < 0) {
		perror("semaphore");
		return 1;
	}
	for (int i = 0; i < buyers; i++) {
		if (fork() != 0)
			continue;
		srandom(getpid());
		search(i);
		if (lock)
			change(semaphore, -1);
		buy(i);
		if (lock)
			change(semaphore, 1);
		return 0;
	}
	while (wait(NULL) > 0)
		;
	semctl(semaphore, 0, IPC_RMID);
	return 0;
}
