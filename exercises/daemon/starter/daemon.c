/*
 * daemon CHILD_SECONDS PARENT_SECONDS
 *
 * 皇帝（主进程）和老太监（子进程）同死。参数已经读好，其余由你来写。
 * The emperor (main) and the eunuch (child) die together.  The arguments
 * are read for you; the rest is yours.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned seconds(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end != '\0' || value < 0) {
		fprintf(stderr, "daemon: bad number of seconds '%s'\n", text);
		exit(2);
	}
	return value;
}

/*
 * 子进程的一生：老太监活着 …… 老太监正常死亡
 * The child's life.
 */
static void eunuch(unsigned life)
{
	(void)life; /* 换成你的代码 / your code instead */
}

/*
 * 主进程的一生：…… 皇帝正在死亡
 * Main's life.
 */
static void emperor(unsigned life)
{
	(void)life; /* 换成你的代码 / your code instead */
}

int main(int argc, char **argv)
{
	unsigned child_seconds = 3, parent_seconds = 1;

	if (argc == 3) {
		child_seconds = seconds(argv[1]);
		parent_seconds = seconds(argv[2]);
	} else if (argc != 1) {
		fprintf(stderr, "usage: daemon CHILD_SECONDS PARENT_SECONDS\n");
		return 2;
	}

	/*
	 * 现在两个角色都在同一个进程里：把老太监放进子进程，
	 * 并且让他在任何情况下都活不过皇帝。
	 * Both roles are in one process so far: give the eunuch a child
	 * process, and see to it that he never outlives the emperor.
	 */
	eunuch(child_seconds);
	emperor(parent_seconds);
	return 0;
}
