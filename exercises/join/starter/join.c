/*
 * join MODE N
 *
 * N 个子进程，同时进行（concurrent）或者一个接一个（serial）。参数已经读好，
 * 其余由你来写。
 * N children, all at once (concurrent) or one after the other (serial).  The
 * arguments are read for you; the rest is yours.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int number(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end != '\0' || value < 1) {
		fprintf(stderr, "join: bad number '%s'\n", text);
		exit(2);
	}
	return (int)value;
}

/* 子进程 i 做的事 / What child i does. */
static void task(int i)
{
	printf("大海%d is running\n", i);
	sleep(i);
	printf("大海%d is done\n", i);
}

/*
 * 启动一个执行 task(i) 的子进程，返回它的 PID。
 * Starts a child that runs task(i), and returns its PID.
 */
static pid_t start(int i)
{
	task(i); /* 换成你的代码 / your code instead */
	return -1;
}

/* 等子进程结束 / Waits until the child has ended. */
static void join(pid_t child)
{
	(void)child; /* 换成你的代码 / your code instead */
}

int main(int argc, char **argv)
{
	const char *mode = "concurrent";
	int n = 4;

	if (argc == 3) {
		mode = argv[1];
		n = number(argv[2]);
	} else if (argc != 1) {
		fprintf(stderr, "usage: join MODE N\n");
		return 2;
	}
	if (strcmp(mode, "concurrent") != 0 && strcmp(mode, "serial") != 0) {
		fprintf(stderr, "join: unknown mode '%s'\n", mode);
		return 2;
	}

	/*
	 * 两种模式只差在什么时候 join。
	 * The two modes differ in when join is called, and in nothing else.
	 */
	for (int i = 1; i <= n; i++)
		join(start(i));

	double elapsed = 0; /* 量出来 / to be measured */

	printf("主 %.3f\n", elapsed);
	return 0;
}
