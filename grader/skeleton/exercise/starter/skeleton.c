/*
 * skeleton N
 *
 * 主进程开启 N 个子进程，等它们都结束。参数已经读好，其余由你来写。
 * Main starts N child processes and waits for them all.  The argument is read
 * for you; the rest is yours.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int read_count(int argc, char **argv)
{
	char *end;
	long count;

	if (argc != 2) {
		fprintf(stderr, "usage: skeleton N\n");
		exit(2);
	}
	count = strtol(argv[1], &end, 10);
	if (end == argv[1] || *end != '\0' || count < 1 || count > 20) {
		fprintf(stderr, "skeleton: bad number '%s'\n", argv[1]);
		exit(2);
	}
	return count;
}

int main(int argc, char **argv)
{
	int count = read_count(argc, argv);

	/*
	 * 现在每一行都由主进程输出。让子进程来输出它们的行，主进程等待。
	 * So far main prints every line.  Let the children print theirs, and
	 * main wait for them.
	 */
	for (int i = 1; i <= count; i++)
		printf("child %d: hello\n", i);
	printf("all %d are done\n", count);
	return 0;
}
