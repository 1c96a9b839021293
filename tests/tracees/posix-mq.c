/* POSIX message queues: priorities, full, empty, timed, by name. */
#include <fcntl.h>
#include <mqueue.h>

#include "tracee.h"

static char name[40];
static mqd_t queue;

static void make_queue(int capacity)
{
	struct mq_attr attr = {.mq_maxmsg = capacity, .mq_msgsize = 16};

	snprintf(name, sizeof(name), "/posix-mq-%d", (int)getpid());
	queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attr);
	if (queue == (mqd_t)-1)
		_exit(1);
}

static void receive(const char *what)
{
	unsigned priority = 0;
	char text[16] = "";
	long length = mq_receive(queue, text, sizeof(text), &priority);

	if (length < 0)
		show(what, length);
	else
		say("%s: %s, priority %u", what, text, priority);
}

static void send_text(const char *text, unsigned priority)
{
	show(text, mq_send(queue, text, strlen(text) + 1, priority));
}

static void priorities(void)
{
	struct mq_attr attr;

	make_queue(5);
	send_text("low", 1);
	send_text("high", 9);
	send_text("low again", 1);
	send_text("middle", 5);
	mq_getattr(queue, &attr);
	say("%ld of %ld, size %ld", attr.mq_curmsgs, attr.mq_maxmsg,
		attr.mq_msgsize);
	for (int i = 0; i < 4; i++)
		receive("got");
	show("too big", mq_send(queue, "12345678901234567890", 20, 0));
	show("small buffer", mq_receive(queue, name, 4, NULL));
	mq_unlink(name);
}

static void send_at(int tenths)
{
	nap(tenths);
	mq_send(queue, "late", 5, tenths);
}

static void receive_at(int tenths)
{
	char text[16];

	nap(tenths);
	mq_receive(queue, text, sizeof(text), NULL);
}

static void blocking(void)
{
	make_queue(1);
	start(send_at, 1);
	receive("waits");
	send_text("fills", 0);
	start(receive_at, 1);
	send_text("waits", 0);
	receive("got");
	reap_all();
	mq_unlink(name);
}

static void timed(void)
{
	struct timespec time;
	char text[16];

	make_queue(1);
	time = in_tenths(CLOCK_REALTIME, 2);
	show("receive", mq_timedreceive(queue, text, 16, NULL, &time));
	show("past", mq_timedreceive(queue, text, 16, NULL, &time));
	start(send_at, 1);
	time = in_tenths(CLOCK_REALTIME, 5);
	show("in time", mq_timedreceive(queue, text, 16, NULL, &time));
	send_text("fills", 0);
	time = in_tenths(CLOCK_REALTIME, 2);
	show("send", mq_timedsend(queue, "x", 2, 0, &time));
	reap_all();
	mq_unlink(name);
}

static void no_block(void)
{
	struct mq_attr attr = {.mq_flags = O_NONBLOCK};

	make_queue(1);
	show("set", mq_setattr(queue, &attr, NULL));
	receive("empty");
	send_text("one", 0);
	send_text("full", 0);
	receive("got");
	show("unlink", mq_unlink(name));
	show("again", mq_unlink(name));
	show("gone", mq_open(name, O_RDONLY));
	receive("still open");
}

static void open_by_name(int unused)
{
	mqd_t other = mq_open(name, O_WRONLY);

	(void)unused;
	show("child sends", mq_send(other, "hello", 6, 3));
	show("child may not read", mq_receive(other, name, 16, NULL));
	mq_close(other);
}

static void by_name(void)
{
	make_queue(3);
	show("exclusive", mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, NULL));
	reap(start(open_by_name, 0));
	receive("got");
	mq_unlink(name);
}

static void send_many(int first)
{
	char text[16];

	for (int i = 0; i < 10; i++) {
		snprintf(text, sizeof(text), "%d", first + i);
		mq_send(queue, text, 16, 0);
	}
}

static void many(void)
{
	char text[16];
	int sum = 0;

	make_queue(2);
	for (int i = 0; i < 3; i++)
		start(send_many, i * 100);
	for (int i = 0; i < 30; i++) {
		mq_receive(queue, text, sizeof(text), NULL);
		sum += atoi(text);
	}
	reap_all();
	say("sum %d", sum);
	mq_unlink(name);
}

static const struct tracee_case cases[] = {
	{"priorities", priorities},
	{"blocking", blocking},
	{"timed", timed},
	{"no block", no_block},
	{"by name", by_name},
	{"many", many},
};

TRACEE_MAIN(cases)
