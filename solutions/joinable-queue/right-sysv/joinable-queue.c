/*
 * System V: a message queue, and a semaphore with the number of unfinished
 * items; main waits for it to be zero.  Removing the queue sends the consumers
 * home.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct dish {
	long type;
	char text[40];
};

static const char *const COOK[] = {"大海", "中海", "小海", "东海", "西海"};
static const char *const FOOD[] = {
	"包子", "辣椒炒肉", "土豆丝", "馒头", "面条"};
static const char *const GUEST[] = {"夏洛", "西施", "貂蝉", "昭君", "玉环"};

static int queue, unfinished;

static void add(int n)
{
	struct sembuf op = {.sem_num = 0, .sem_op = (short)n};

	semop(unfinished, &op, 1);
}

static void put(const char *text)
{
	struct dish dish = {.type = 1};

	add(1); /* before it can be taken, or it might be done too early */
	strcpy(dish.text, text);
	msgsnd(queue, &dish, sizeof(dish.text), 0);
}

static int get(char *text)
{
	struct dish dish;

	if (msgrcv(queue, &dish, sizeof(dish.text), 0, 0) < 0)
		return 0;
	strcpy(text, dish.text);
	return 1;
}

static void join(void)
{
	struct sembuf zero = {.sem_num = 0, .sem_op = 0};

	semop(unfinished, &zero, 1);
}

static void be_cook(int i, int items)
{
	char text[40];

	for (int k = 0; k < items; k++) {
		sleep(1 + (unsigned)(k + i) % 3);
		sprintf(text, "%s%d", FOOD[i], k);
		put(text);
		printf("厨师%s生产了%s\n", COOK[i], text);
	}
}

static void be_guest(int i)
{
	char text[40];

	while (get(text)) {
		sleep(1 + (unsigned)i % 3);
		printf("吃货%s吃了%s\n", GUEST[i], text);
		fflush(stdout);
		add(-1);
	}
}

int main(int argc, char **argv)
{
	int number[3] = {3, 2, 10}, least[3] = {1, 1, 0};
	time_t begin = time(NULL);
	pid_t cook[5];

	for (int i = 1; i < argc || (argc != 1 && argc != 4); i++) {
		char *end = "x";
		long v = i < argc && i < 4 ? strtol(argv[i], &end, 10) : -1;

		if (argc != 4 || *end || end == argv[i] || v < least[i - 1]) {
			fprintf(stderr, "bad arguments\n");
			return 2;
		}
		number[i - 1] = (int)v;
	}
	queue = msgget(IPC_PRIVATE, 0600);
	unfinished = semget(IPC_PRIVATE, 1, 0600);
	semctl(unfinished, 0, SETVAL, 0);
	for (int i = 0; i < number[0]; i++) {
		cook[i] = fork();
		if (cook[i] == 0) {
			be_cook(i, number[2]);
			return 0;
		}
	}
	for (int i = 0; i < number[1]; i++) {
		if (fork() == 0) {
			be_guest(i);
			return 0;
		}
	}
	for (int i = 0; i < number[0]; i++)
		waitpid(cook[i], NULL, 0);
	join();
	printf("主 %d\n", (int)difftime(time(NULL), begin));
	fflush(stdout);
	msgctl(queue, IPC_RMID, NULL);
	semctl(unfinished, 0, IPC_RMID);
	while (wait(NULL) > 0)
		;
	return 0;
}
