/*
 * A System V message queue.  Type 1 is an item, type 2 the end; msgrcv with
 * type 0 takes the oldest message, so the ends come after the last item.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/wait.h>
#include <unistd.h>

#define TYPE_ITEM 1
#define TYPE_END 2

struct message {
	long type;
	int producer;
	int number;
};
#define BODY (sizeof(struct message) - sizeof(long))

static const char *const cooks[] = {"大海", "中海", "小海", "东海", "西海"};
static const char *const foods[] = {
	"包子", "辣椒炒肉", "土豆丝", "馒头", "面条"};
static const char *const guests[] = {"夏洛", "西施", "貂蝉", "昭君", "玉环"};

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

static void put(int queue, long type, int producer, int number)
{
	struct message message = {type, producer, number};

	if (msgsnd(queue, &message, BODY, 0) < 0) {
		perror("msgsnd");
		exit(1);
	}
}

static void produce(int queue, int p, int count)
{
	for (int k = 0; k < count; k++) {
		sleep(1 + (unsigned)rand() % 3);
		put(queue, TYPE_ITEM, p, k);
		printf("厨师%s", cooks[p]);
		printf("生产了%s", foods[p]);
		printf("%d\n", k);
	}
}

static void consume(int queue, int c)
{
	struct message message;

	for (;;) {
		if (msgrcv(queue, &message, BODY, 0, 0) < 0) {
			perror("msgrcv");
			exit(1);
		}
		if (message.type == TYPE_END)
			break;
		sleep(1 + (unsigned)rand() % 3);
		printf("吃货%s", guests[c]);
		printf("吃了%s", foods[message.producer]);
		printf("%d\n", message.number);
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
	int queue = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
	pid_t cook[5];

	if (queue < 0) {
		perror("msgget");
		return 1;
	}
	for (int i = 0; i < producers + consumers; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			srand(getpid() * 31 + i);
			if (i < producers)
				produce(queue, i, items);
			else
				consume(queue, i - producers);
			return 0;
		}
		if (i < producers)
			cook[i] = pid;
	}
	for (int p = 0; p < producers; p++)
		waitpid(cook[p], NULL, 0);
	for (int c = 0; c < consumers; c++)
		put(queue, TYPE_END, 0, 0);
	while (wait(NULL) != -1)
		;
	msgctl(queue, IPC_RMID, NULL);
	printf("主\n");
	return 0;
}
