/*
 * process-info
 *
 * 进程的编号与死活：谁是谁，谁还活着。参数已经检查好，其余由你来写。
 * Who is who, and who is alive?  The arguments are checked for you; the rest
 * is yours.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * 子进程：打印“PID is running爹是 PPID”，睡 3 秒，打印“PID is done爹是 PPID”。
 * The child's life.
 */
static void child(void)
{
	/* 换成你的代码 / your code instead */
}

/*
 * 子进程还活着吗？僵尸已经死了。
 * Is the child still alive?  A zombie is dead.
 */
static bool is_alive(pid_t pid)
{
	(void)pid; /* 换成你的代码 / your code instead */
	return false;
}

int main(int argc, char **argv)
{
	pid_t pid = 0;

	(void)argv;
	if (argc != 1) {
		fprintf(stderr, "usage: process-info\n");
		return 2;
	}

	/*
	 * 现在只有一个进程：让 child 在子进程里执行；看到它运行以后打印
	 * “is_alive True”，用 SIGTERM 终止它，确认它死了再打印
	 * “is_alive False”，最后打印“主PID爹是 PPID”。
	 * There is one process so far: run child() in a child process; print
	 * is_alive True when it is seen to run, end it with SIGTERM, print
	 * is_alive False when it is dead, and at last main's own numbers.
	 */
	child();
	is_alive(pid);
	return 0;
}
