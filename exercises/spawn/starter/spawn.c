/*
 * spawn NAME SECONDS
 *
 * 主进程启动一个子进程，马上往下走，最后等它结束。参数已经读好，其余由你来写。
 * Main starts a child process, goes on at once, and waits for it in the end.
 * The arguments are read for you; the rest is yours.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned number_of_seconds(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end != '\0' || value < 0) {
		fprintf(stderr, "spawn: bad number of seconds '%s'\n", text);
		exit(2);
	}
	return value;
}

/*
 * 子进程做的事：NAME is running …… NAME is done
 * What the child does.
 */
static void task(const char *name, unsigned seconds)
{
	printf("%s is running\n", name);
	sleep(seconds);
	printf("%s is done\n", name);
}

int main(int argc, char **argv)
{
	const char *name = "大海";
	unsigned seconds = 3;

	if (argc == 3) {
		name = argv[1];
		seconds = number_of_seconds(argv[2]);
	} else if (argc != 1) {
		fprintf(stderr, "usage: spawn NAME SECONDS\n");
		return 2;
	}

	/*
	 * 现在 task 由主进程自己执行。让一个子进程去执行它，主进程不等它就
	 * 输出“主”，然后等子进程结束。
	 * So far main runs the task itself.  Let a child process run it; main
	 * prints its line without waiting, and then waits for the child.
	 */
	task(name, seconds);
	printf("主\n");
	return 0;
}
