/*
 * tickets lock|nolock BUYERS
 *
 * 路人抢票，余票在 db.json 里。参数和读文件已经写好，其余由你来写。
 * Buyers compete for the tickets in db.json.  The arguments and the reading
 * of the file are done for you; the rest is yours.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* 返回是否加锁。 True in lock mode; a bad command line ends the program. */
static bool arguments(int argc, char **argv, int *buyers)
{
	char *end;

	*buyers = 10;
	if (argc == 1)
		return true;
	if (argc == 3) {
		bool lock = strcmp(argv[1], "lock") == 0;

		*buyers = strtol(argv[2], &end, 10);
		if (end != argv[2] && *end == '\0' && *buyers >= 1 &&
			(lock || strcmp(argv[1], "nolock") == 0))
			return lock;
	}
	fprintf(stderr, "usage: tickets lock|nolock BUYERS\n");
	exit(2);
}

/* 读出余票数。 The number of tickets left. */
static int read_count(void)
{
	FILE *file = fopen("db.json", "r");
	int count;

	if (file == NULL || fscanf(file, " { \"count\" : %d", &count) != 1) {
		fprintf(stderr, "tickets: cannot read db.json\n");
		exit(1);
	}
	fclose(file);
	return count;
}

/*
 * 查票：读文件，睡 1 秒，打印“路人i 查看到余票为K”。
 * Search: read the file, sleep 1 s, print.
 */
static void search(int buyer)
{
	int count = read_count();

	(void)buyer;
	(void)count; /* 换成你的代码 / your code instead */
}

/*
 * 买票：再读一次文件；有票就减一、睡 1 到 3 秒、写回并打印
 * “路人i 购票成功”，没票就打印“路人i 查看到没有票了”。
 * Buy: read the file again; if there is a ticket take one, sleep 1 to 3 s,
 * write back, print; else say that there is none.
 */
static void buy(int buyer)
{
	(void)buyer; /* 换成你的代码 / your code instead */
}

int main(int argc, char **argv)
{
	int buyers;
	bool lock = arguments(argc, argv, &buyers);

	(void)lock; /* lock 模式下，买票要互斥 / buying is exclusive then */

	/*
	 * 现在所有人都在一个进程里排队：改成一人一个子进程，
	 * 同时查票，最后由主进程等待所有人。
	 * All buyers are in one process so far: give each a child process of
	 * its own, let them search at once, and let main wait for all.
	 */
	for (int i = 0; i < buyers; i++) {
		search(i);
		buy(i);
	}
	return 0;
}
