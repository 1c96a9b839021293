/* System V: a message queue for the items, a semaphore set for the places. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/wait.h>
#include <unistd.h>

struct parcel {
	long type;
	char name[61];
};

static int queue = -1, places = -1;

static void remove_all(void)
{
	msgctl(queue, IPC_RMID, NULL);
	semctl(places, 0, IPC_RMID);
}

static void put(const char *name)
{
	struct sembuf take = {0, -1, IPC_NOWAIT};
	struct parcel parcel = {.type = 1};

	if (semop(places, &take, 1) < 0) {
		printf("篮子满了\n");
		take.sem_flg = 0;
		while (semop(places, &take, 1) < 0)
			;
	}
	strncpy(parcel.name, name, 60);
	msgsnd(queue, &parcel, sizeof(parcel.name), 0);
	printf("放入 %s\n", name);
}

static void get(void)
{
	struct sembuf give = {0, 1, 0};
	struct parcel parcel;

	msgrcv(queue, &parcel, sizeof(parcel.name), 1, 0);
	semop(places, &give, 1);
	printf("取出 %s\n", parcel.name);
}

int main(int argc, char **argv)
{
	long n[2] = {3, 4};
	pid_t child;

	if (argc != 3 && argc != 1)
		goto usage;
	for (int i = 1; i < argc; i++) {
		char *end;

		n[i - 1] = strtol(argv[i], &end, 10);
		if (end == argv[i] || *end || n[i - 1] <= 0)
			goto usage;
	}
	queue = msgget(IPC_PRIVATE, 0600);
	places = semget(IPC_PRIVATE, 1, 0600);
	semctl(places, 0, SETVAL, (int)n[0]);
	fflush(NULL);
	switch (child = fork()) {
	case 0:
		for (long k = 0; k < n[1]; k++) {
			sleep(1);
			get();
		}
		printf("队列为空\n");
		return 0;
	case -1:
		return 1;
	}
	switch (child = fork()) {
	case 0:
		for (long k = 0; k < n[1]; k++) {
			char name[80];

			if (scanf(" %60[^\n]", name) != 1)
				sprintf(name, "item%ld", k);
			put(name);
		}
		return 0;
	case -1:
		return 1;
	}
	while (wait(NULL) != -1 || errno != ECHILD)
		;
	remove_all();
	return 0;
usage:
	fprintf(stderr, "usage: queue CAPACITY ITEMS\n");
	return 2;
}
