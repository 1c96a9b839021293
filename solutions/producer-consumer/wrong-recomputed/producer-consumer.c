/*
 * Nothing is handed over: each consumer works out for itself which items it
 * will eat, and eats them whether or not they have been made.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

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

static void produce(int p, int count)
{
	srand(getpid());
	for (int k = 0; k < count; k++) {
		sleep(1 + rand() % 3);
		printf("厨师%s生产了%s%d\n", cooks[p], foods[p], k);
	}
}

static void consume(int c, int consumers, int producers, int items)
{
	srand(getpid());
	for (int i = c; i < producers * items; i += consumers) {
		sleep(1 + rand() % 3);
		printf("吃货%s吃了%s%d\n", guests[c], foods[i % producers],
			i / producers);
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
	pid_t cook[5], guest[5];

	for (int p = 0; p < producers; p++) {
		cook[p] = fork();
		if (cook[p] == 0) {
			produce(p, items);
			exit(0);
		}
	}
	for (int c = 0; c < consumers; c++) {
		guest[c] = fork();
		if (guest[c] == 0) {
			consume(c, consumers, producers, items);
			exit(0);
		}
	}
	for (int p = 0; p < producers; p++)
		waitpid(cook[p], NULL, 0);
	for (int c = 0; c < consumers; c++)
		waitpid(guest[c], NULL, 0);
	printf("主\n");
	return 0;
}
