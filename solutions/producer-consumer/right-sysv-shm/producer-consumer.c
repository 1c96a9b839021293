/*
 * System V shared memory and a set of three semaphores.  semop takes a free
 * place and the mutex in one step, which cannot deadlock.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#define CAPACITY 3
#define END -1

enum { PLACES, ITEMS, MUTEX, SEM_COUNT };

union semun {
	int val;
	struct semid_ds *buf;
	unsigned short *array;
};

struct store {
	int next_in, next_out;
	int producer[CAPACITY], number[CAPACITY];
};

static const char *const cooks[] = {"大海", "中海", "小海", "东海", "西海"};
static const char *const foods[] = {
	"包子", "辣椒炒肉", "土豆丝", "馒头", "面条"};
static const char *const guests[] = {"夏洛", "西施", "貂蝉", "昭君", "玉环"};

static int sems;
static struct store *store;

/* The number in TEXT, or the end of the program when it is none. */
static int number(const char *text, long least, long most)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end != '\0' || value < least || value > most) {
		fprintf(stderr, "bad number '%s'\n", text);
		exit(2);
	}
	return (int)value;
}

/* Adds A to semaphore I and B to semaphore J, both or none. */
static void change(int i, short a, int j, short b)
{
	struct sembuf ops[2] = {
		{.sem_num = i, .sem_op = a},
		{.sem_num = j, .sem_op = b},
	};

	if (semop(sems, ops, 2) < 0) {
		perror("semop");
		exit(1);
	}
}

static void put(int producer, int number)
{
	change(PLACES, -1, MUTEX, -1);
	store->producer[store->next_in] = producer;
	store->number[store->next_in] = number;
	store->next_in = (store->next_in + 1) % CAPACITY;
	change(MUTEX, 1, ITEMS, 1);
}

static int get(int *number)
{
	int producer;

	change(ITEMS, -1, MUTEX, -1);
	producer = store->producer[store->next_out];
	*number = store->number[store->next_out];
	store->next_out = (store->next_out + 1) % CAPACITY;
	change(MUTEX, 1, PLACES, 1);
	return producer;
}

static void child(int i, int producers, int items)
{
	int p, k;

	srand(getpid());
	if (i < producers) {
		for (k = 0; k < items; k++) {
			sleep(rand() % 3 + 1);
			put(i, k);
			printf("厨师%s生产了%s%d\n", cooks[i], foods[i], k);
		}
		return;
	}
	while ((p = get(&k)) != END) {
		sleep(rand() % 3 + 1);
		printf("吃货%s吃了%s%d\n", guests[i - producers], foods[p], k);
	}
}

int main(int argc, char *argv[])
{
	int producers = 3, consumers = 2, items = 10;

	if (argc == 4) {
		producers = number(argv[1], 1, 5);
		consumers = number(argv[2], 1, 5);
		items = number(argv[3], 0, 100000);
	} else if (argc != 1) {
		fprintf(stderr, "usage: %s PRODUCERS CONSUMERS ITEMS\n",
			argv[0]);
		return 2;
	}
	unsigned short start[SEM_COUNT] = {CAPACITY, 0, 1};
	int memory = shmget(IPC_PRIVATE, sizeof(*store), 0600);
	pid_t pids[10];

	sems = semget(IPC_PRIVATE, SEM_COUNT, 0600);
	if (memory < 0 || sems < 0) {
		perror("shmget or semget");
		return 1;
	}
	store = shmat(memory, NULL, 0);
	semctl(sems, 0, SETALL, (union semun){.array = start});
	for (int i = 0; i < producers + consumers; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			child(i, producers, items);
			exit(0);
		}
	}
	for (int i = 0; i < producers; i++)
		waitpid(pids[i], NULL, 0);
	for (int c = 0; c < consumers; c++)
		put(END, 0);
	for (int c = 0; c < consumers; c++)
		waitpid(pids[producers + c], NULL, 0);
	printf("主\n");
	shmdt(store);
	shmctl(memory, IPC_RMID, NULL);
	semctl(sems, 0, IPC_RMID);
	return 0;
}
