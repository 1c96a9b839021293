/*
 * A pipe of fixed-size messages; the end signal is a message too, one for
 * each consumer.  No stdio for output: every line is one write(2).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TEXT_SIZE 32

enum kind { FOOD, END };

struct message {
	enum kind kind;
	char food[TEXT_SIZE];
};

static const char *const cooks[] = {"大海", "中海", "小海", "东海", "西海"};
static const char *const foods[] = {
	"包子", "辣椒炒肉", "土豆丝", "馒头", "面条"};
static const char *const guests[] = {"夏洛", "西施", "貂蝉", "昭君", "玉环"};

static int channel[2];

static int parse(const char *text, int least)
{
	int value = 0;

	if (*text == '\0')
		return -1;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return -1;
		value = value * 10 + (*text - '0');
	}
	return value < least ? -1 : value;
}

static void say(
	const char *who, const char *name, const char *did, const char *food)
{
	char line[128];
	int length = snprintf(
		line, sizeof(line), "%s%s%s%s\n", who, name, did, food);

	if (write(STDOUT_FILENO, line, length) != length)
		_exit(1);
}

static void send_message(const struct message *message)
{
	if (write(channel[1], message, sizeof(*message)) != sizeof(*message))
		_exit(1);
}

static void cook(int p, int items)
{
	struct message message = {.kind = FOOD};

	srand(p * 7919 + getpid());
	for (int k = 0; k < items; k++) {
		sleep(1 + rand() % 3);
		snprintf(message.food, TEXT_SIZE, "%s%d", foods[p], k);
		send_message(&message);
		say("厨师", cooks[p], "生产了", message.food);
	}
}

static void eat(int c)
{
	struct message message;

	srand(c * 104729 + getpid());
	while (read(channel[0], &message, sizeof(message)) == sizeof(message) &&
		message.kind == FOOD) {
		sleep(1 + rand() % 3);
		say("吃货", guests[c], "吃了", message.food);
	}
}

static pid_t start(void (*role)(int, int), int who, int items)
{
	pid_t pid = fork();

	if (pid == 0) {
		role(who, items);
		_exit(0);
	}
	return pid;
}

static void eater(int c, int unused)
{
	(void)unused;
	eat(c);
}

int main(int argc, char *argv[])
{
	int n[3] = {3, 2, 10};

	if (argc != 1 && argc != 4) {
		fputs("usage: producer-consumer PRODUCERS CONSUMERS ITEMS\n",
			stderr);
		exit(2);
	}
	for (int i = 1; i < argc; i++) {
		n[i - 1] = parse(argv[i], i < 3);
		if (n[i - 1] < 0 || (i < 3 && n[i - 1] > 5)) {
			fprintf(stderr, "producer-consumer: bad argument %d\n",
				i);
			exit(2);
		}
	}
	struct message end = {.kind = END};
	pid_t pids[5];

	if (pipe(channel) != 0)
		return 1;
	for (int p = 0; p < n[0]; p++)
		pids[p] = start(cook, p, n[2]);
	for (int c = 0; c < n[1]; c++)
		start(eater, c, 0);
	for (int p = 0; p < n[0]; p++)
		waitpid(pids[p], NULL, 0);
	for (int c = 0; c < n[1]; c++)
		send_message(&end);
	for (int c = 0; c < n[1]; c++)
		wait(NULL);
	say("主", "", "", "");
	return 0;
}
