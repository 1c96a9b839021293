/* POSIX message queues for the items and for the reports; SIGKILL at exit. */
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *const who[5] = {"大海", "中海", "小海", "东海", "西海"};
static const char *const what[5] = {
	"包子", "辣椒炒肉", "土豆丝", "馒头", "面条"};
static const char *const eater[5] = {"夏洛", "西施", "貂蝉", "昭君", "玉环"};

static pid_t consumer[5];
static int consumers;

static mqd_t open_queue(const char *name, long size)
{
	struct mq_attr attr = {.mq_maxmsg = 5, .mq_msgsize = size};
	mqd_t queue = mq_open(name, O_RDWR | O_CREAT, 0600, &attr);

	if (queue == (mqd_t)-1) {
		perror(name);
		exit(1);
	}
	mq_unlink(name);
	return queue;
}

static void take_along(void)
{
	for (int i = 0; i < consumers; i++)
		if (consumer[i] > 0)
			kill(consumer[i], SIGKILL);
}

static int get_number(const char *text, int zero)
{
	int value = 0, length = (int)strlen(text);

	for (int i = 0; i < length; i++) {
		if (text[i] < '0' || text[i] > '9')
			length = 0;
		value = value * 10 + text[i] - '0';
	}
	if (length == 0 || (value == 0 && !zero)) {
		fprintf(stderr, "'%s' is no good\n", text);
		exit(2);
	}
	return value;
}

int main(int argc, char **argv)
{
	int producers = 3, guests = 2, items = 10;
	struct timespec begin, end;
	mqd_t queue, reports;
	pid_t producer[5];
	char text[64], report[4];

	clock_gettime(CLOCK_BOOTTIME, &begin);
	if (argc == 4) {
		producers = get_number(argv[1], 0);
		guests = get_number(argv[2], 0);
		items = get_number(argv[3], 1);
	} else if (argc != 1) {
		fprintf(stderr, "usage: %s P C N\n", *argv);
		return 2;
	}
	queue = open_queue("/food", sizeof(text));
	reports = open_queue("/done", sizeof(report));
	for (int i = 0; i < producers; i++) {
		if ((producer[i] = fork()))
			continue;
		for (int k = 0; k < items; k++) {
			sleep(i % 2 + 1);
			sprintf(text, "%s%d", what[i], k);
			mq_send(queue, text, sizeof(text), 0);
			printf("厨师%s生产了%s\n", who[i], text);
		}
		exit(0);
	}
	for (int i = 0; i < guests; i++) {
		if ((consumer[i] = fork()))
			continue;
		while (mq_receive(queue, text, sizeof(text), NULL) > 0) {
			sleep(3 - i % 3);
			printf("吃货%s吃了%s\n", eater[i], text);
			fflush(stdout);
			mq_send(reports, "ok", 3, 0);
		}
		exit(1);
	}
	consumers = guests;
	/* reports are taken first: their queue holds five only */
	for (int i = 0; i < producers * items; i++)
		mq_receive(reports, report, sizeof(report), NULL);
	for (int i = 0; i < producers; i++)
		waitpid(producer[i], NULL, 0);
	clock_gettime(CLOCK_BOOTTIME, &end);
	printf("主 %.2f\n", (end.tv_sec - begin.tv_sec) +
				     (end.tv_nsec - begin.tv_nsec) / 1e9);
	fflush(stdout);
	atexit(take_along);
	return 0;
}
