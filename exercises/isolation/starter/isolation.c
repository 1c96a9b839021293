/*
 * isolation START VALUE
 *
 * 子进程改变量 n，主进程的 n 变不变？参数已经读好，其余由你来写。
 * The child changes the variable n: does main's change too?  The arguments
 * are read for you; the rest is yours.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int n; /* 一个普通的全局变量 / an ordinary global variable */

static int number(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end != '\0') {
		fprintf(stderr, "isolation: bad number '%s'\n", text);
		exit(2);
	}
	return value;
}

/*
 * 子进程做的事：把 n 改成 value，打印“子 n”。
 * What the child does.
 */
static void work(int value)
{
	(void)value; /* 换成你的代码 / your code instead */
}

int main(int argc, char **argv)
{
	int value = 0;

	n = 100;
	if (argc == 3) {
		n = number(argv[1]);
		value = number(argv[2]);
	} else if (argc != 1) {
		fprintf(stderr, "usage: isolation START VALUE\n");
		return 2;
	}

	/*
	 * 现在只有一个进程：让 work 在一个子进程里执行，
	 * 等它结束，再打印“主 n”。
	 * There is one process so far: let a child process do the work,
	 * wait until it has ended, then print main's line.
	 */
	work(value);
	return 0;
}
