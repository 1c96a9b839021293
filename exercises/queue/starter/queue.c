/*
 * 进程间通信：队列 / A queue between processes
 * 用法 / usage: ./queue CAPACITY ITEMS
 *
 * 参数已经读好，两个子进程也有了；它们之间的队列由你来写。
 * The arguments are read and the two children are there; the queue between
 * them is yours.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define CAPACITY_MOST 10
#define NAME_BYTES 61 /* 最多 60 字节，加上结尾的 0 / and the final 0 */

/*
 * 第 k 个物品的名字：标准输入里的下一行，没有了就是 itemk。
 * 只有放的一方可以调用。
 * The name of item k: the next line of standard input, or itemk when there is
 * none.  For the putter only.
 */
static void read_name(int k, char name[NAME_BYTES])
{
	char line[NAME_BYTES + 1];

	if (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		snprintf(name, NAME_BYTES, "%.60s", line);
	} else {
		snprintf(name, NAME_BYTES, "item%d", k);
	}
}

/*
 * 放的一方：放进队列，放好以后才说“放入”。
 * 队列满了：先说“篮子满了”，再等。
 * The putter: puts, and says so when it is done.  When the queue is full: says
 * that first, and then waits.
 */
static void putter(int capacity, int items)
{
	char name[NAME_BYTES];

	(void)capacity;
	for (int k = 0; k < items; k++) {
		read_name(k, name);
		/* 在这里放进队列 / put it into the queue here */
		printf("放入 %s\n", name);
	}
}

/*
 * 取的一方：睡 1 秒，取一个，说“取出”；取满 ITEMS 个以后说“队列为空”。
 * The getter: sleeps for a second, gets one, says so; after ITEMS gets it says
 * that the queue is empty.
 */
static void getter(int items)
{
	(void)items; /* 在这里写循环 / write the loop here */
}

/* 把参数变成整数，不合法时以 2 退出 / The number in TEXT, or exit with 2. */
static int number(const char *text, long least, long most)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end != '\0' || value < least || value > most) {
		fprintf(stderr, "queue: bad number '%s'\n", text);
		exit(2);
	}
	return (int)value;
}

int main(int argc, char *argv[])
{
	int capacity = 3, items = 4;

	if (argc == 3) {
		capacity = number(argv[1], 1, CAPACITY_MOST);
		items = number(argv[2], 1, 1000000);
	} else if (argc != 1) {
		fprintf(stderr, "usage: %s CAPACITY ITEMS\n", argv[0]);
		return 2;
	}

	/* 1. 创建队列：两个进程都够得着的 / make a queue that both reach */
	if (fork() == 0) {
		putter(capacity, items);
		exit(0);
	}
	if (fork() == 0) {
		getter(items);
		exit(0);
	}
	/* 2. 等两个子进程 / wait for both */
	while (wait(NULL) > 0)
		;
	return 0;
}
