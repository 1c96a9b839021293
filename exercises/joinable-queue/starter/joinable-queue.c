/*
 * JoinableQueue：等到每一个都处理完 / wait until all is done
 * 用法 / usage: ./joinable-queue PRODUCERS CONSUMERS ITEMS
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST 5

static const char *const cooks[MOST] = {"大海", "中海", "小海", "东海", "西海"};
static const char *const foods[MOST] = {
	"包子", "辣椒炒肉", "土豆丝", "馒头", "面条"};
static const char *const guests[MOST] = {
	"夏洛", "西施", "貂蝉", "昭君", "玉环"};

/* 一个食物 / One item. */
struct item {
	int producer; /* cooks[producer], foods[producer] */
	int number;   /* 0, 1, 2 ... */
};

/* 睡 1 到 3 秒 / Sleeps one to three seconds. */
static void work(void)
{
	sleep(1 + rand() % 3);
}

static void say_made(struct item item)
{
	printf("厨师%s生产了%s%d\n", cooks[item.producer], foods[item.producer],
		item.number);
}

static void say_eaten(int c, struct item item)
{
	printf("吃货%s吃了%s%d\n", guests[c], foods[item.producer],
		item.number);
}

/*
 * 生产者：对每个食物，先 work()，放进队列，再 say_made()。
 * Producer: for each item work(), put it into the queue, say_made().
 */
static void produce(int p, int items)
{
	srand(getpid());
	for (int k = 0; k < items; k++) {
		struct item item = {p, k};

		work();
		/* 在这里放进队列 / put it into the queue here */
		say_made(item);
	}
}

/*
 * 消费者：一直循环——取一个，work()，say_eaten()，报告处理完了。
 * Consumer, for ever: get an item, work(), say_eaten(), report it done.
 */
static void consume(int c)
{
	srand(getpid());
	/* 在这里写循环 / write the loop here */
	(void)c;
	(void)say_eaten;
}

/* 把参数变成整数，不合法时以 2 退出 / The number in TEXT, or exit with 2. */
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

int main(int argc, char *argv[])
{
	int producers = 3, consumers = 2, items = 10;

	if (argc == 4) {
		producers = number(argv[1], 1, MOST);
		consumers = number(argv[2], 1, MOST);
		items = number(argv[3], 0, 100000);
	} else if (argc != 1) {
		fprintf(stderr, "usage: %s PRODUCERS CONSUMERS ITEMS\n",
			argv[0]);
		return 2;
	}

	/*
	 * 1. 看一次时钟，创建队列 / look at the clock, make the queue
	 * 2. 现在他们都在主进程里排队：改成一人一个子进程，同时开始；
	 *    消费者是守护进程
	 *    All are in main so far: give each a child process of its own, and
	 *    let them begin together; the consumers are daemons.
	 */
	for (int p = 0; p < producers; p++)
		produce(p, items);
	for (int c = 0; c < consumers; c++)
		consume(c);

	/*
	 * 3. 等待所有的生产者 / wait for the producers
	 * 4. 等到每个食物都报告处理完了 / wait until every item is done
	 * 5. 输出“主 T” / print the last line
	 */
	while (wait(NULL) > 0)
		;
	return 0;
}
