/* A POSIX message queue: the kernel keeps the order and the bound. */
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NAME = 61 };

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static long parse(const char *s)
{
	char *rest = NULL;
	long v;

	errno = 0;
	v = strtol(s, &rest, 10);
	if (errno || rest == s || *rest || v < 1) {
		fprintf(stderr, "not a count: %s\n", s);
		exit(2);
	}
	return v;
}

static int put_all(mqd_t q, long items)
{
	char *line = NULL;
	size_t size = 0;

	for (long k = 0; k < items; k++) {
		char msg[NAME] = "";
		struct mq_attr now;
		ssize_t n = getline(&line, &size, stdin);

		if (n > 0) {
			if (line[n - 1] == '\n')
				line[n - 1] = 0;
			strncpy(msg, line, NAME - 1);
		} else {
			sprintf(msg, "item%ld", k);
		}
		mq_getattr(q, &now);
		if (now.mq_curmsgs == now.mq_maxmsg)
			puts("篮子满了");
		if (mq_send(q, msg, NAME, 0) < 0)
			die("mq_send");
		printf("放入 %s\n", msg);
	}
	free(line);
	return 0;
}

static int get_all(mqd_t q, long items)
{
	char msg[NAME];

	while (items--) {
		sleep(1);
		if (mq_receive(q, msg, sizeof msg, NULL) < 0)
			die("mq_receive");
		printf("取出 %s\n", msg);
	}
	puts("队列为空");
	return 0;
}

int main(int argc, char **argv)
{
	struct mq_attr attr = {.mq_maxmsg = 3, .mq_msgsize = NAME};
	long items = 4;
	pid_t child[2];
	mqd_t q;

	if (argc != 1 && argc != 3) {
		fprintf(stderr, "usage: queue CAPACITY ITEMS\n");
		return 2;
	}
	if (argc == 3) {
		attr.mq_maxmsg = parse(argv[1]);
		items = parse(argv[2]);
	}
	q = mq_open("/basket", O_RDWR | O_CREAT | O_EXCL, 0600, &attr);
	if (q == (mqd_t)-1)
		die("mq_open");
	mq_unlink("/basket");
	child[0] = fork();
	if (child[0] == 0)
		exit(get_all(q, items));
	child[1] = fork();
	if (child[1] == 0)
		exit(put_all(q, items));
	waitpid(child[0], NULL, 0);
	waitpid(child[1], NULL, 0);
	return 0;
}
