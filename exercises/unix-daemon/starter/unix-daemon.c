/*
 * unix-daemon SECONDS
 *
 * 真正的守护进程：主进程马上退出，它在后台活下去。参数已经读好，其余由你来写。
 * The other daemon: main exits at once, it lives on in the background.  The
 * argument is read for you; the rest is yours.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static unsigned seconds(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end != '\0' || value < 0) {
		fprintf(stderr, "unix-daemon: bad SECONDS '%s'\n", text);
		exit(2);
	}
	return value;
}

/*
 * 守护进程的一生：写 daemon.pid，每秒往 daemon.log 追加一行 alive；
 * 收到 SIGTERM 或活满 life 秒：删除 daemon.pid，追加 bye，以 0 退出。
 * The daemon's life: write daemon.pid, append alive to daemon.log every
 * second; on SIGTERM, or after life seconds: remove daemon.pid, append bye,
 * exit with 0.
 */
static void serve(unsigned life)
{
	(void)life; /* 换成你的代码 / your code instead */
}

int main(int argc, char **argv)
{
	unsigned life = 10;

	if (argc == 2) {
		life = seconds(argv[1]);
	} else if (argc != 1) {
		fprintf(stderr, "usage: unix-daemon [SECONDS]\n");
		return 2;
	}

	/*
	 * 现在一切都在主进程里，在前台。你要做的：
	 * 只让一个实例运行，脱离启动者（进程、会话、文件夹、umask、标准描述符）。
	 * All is in main so far, in the foreground.  What is yours to do: let
	 * one instance run only, and cut it loose from who started it (process,
	 * session, folder, umask, standard descriptors).
	 */
	serve(life);
	return 0;
}
