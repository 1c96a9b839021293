/* FIFOs: who waits for whom at open, at read, and at the end. */
#include <fcntl.h>
#include <sys/stat.h>

#include "tracee.h"

static char path[40];

static void make_fifo(void)
{
	snprintf(path, sizeof(path), "fifo-%d", tracee_index);
	show("mkfifo", mkfifo(path, 0600));
}

static void open_and_write(int tenths)
{
	int fd;

	nap(tenths);
	say("writer opens");
	fd = open(path, O_WRONLY);
	nap(1);
	if (write(fd, "hello", 5) != 5)
		_exit(1);
	nap(1);
}

static void reader_first(void)
{
	char text[20];
	int fd;

	make_fifo();
	start(open_and_write, 1);
	fd = open(path, O_RDONLY);
	say("reader has it open: %d", fd >= 0);
	show("read", read(fd, text, sizeof(text)));
	show("end", read(fd, text, sizeof(text)));
	reap_all();
	unlink(path);
}

static void open_and_read(int tenths)
{
	char text[20];
	int fd;

	nap(tenths);
	say("reader opens");
	fd = open(path, O_RDONLY);
	while (read(fd, text, sizeof(text)) > 0)
		;
	say("reader ends");
}

static void writer_first(void)
{
	int fd;

	make_fifo();
	start(open_and_read, 2);
	fd = open(path, O_WRONLY);
	say("writer has it open: %d", fd >= 0);
	show("write", write(fd, "hello", 5));
	nap(1);
	close(fd);
	reap_all();
	unlink(path);
}

static void no_block(void)
{
	char c;
	int in, out;

	make_fifo();
	show("writer alone", open(path, O_WRONLY | O_NONBLOCK));
	in = open(path, O_RDONLY | O_NONBLOCK);
	say("reader alone: %d", in >= 0);
	show("read without writer", read(in, &c, 1));
	out = open(path, O_WRONLY | O_NONBLOCK);
	say("writer: %d", out >= 0);
	show("read", read(in, &c, 1));
	show("write", write(out, "x", 1));
	show("read", read(in, &c, 1));
	close(in);
	signal(SIGPIPE, SIG_IGN);
	show("write without reader", write(out, "x", 1));
	show("twice", mkfifo(path, 0600));
	unlink(path);
	show("gone", open(path, O_RDONLY));
}

static void no_writer_yet(void)
{
	char c;
	int in, out;

	make_fifo();
	in = open(path, O_RDONLY | O_NONBLOCK);
	fcntl(in, F_SETFL, 0);
	show("read before any writer", read(in, &c, 1));
	out = open(path, O_WRONLY);
	show("write", write(out, "x", 1));
	show("read", read(in, &c, 1));
	close(out);
	show("read after the writer", read(in, &c, 1));
	start(open_and_write, 1);
	show("read before the next", read(in, &c, 1));
	nap(2);
	show("read", read(in, &c, 1));
	reap_all();
	unlink(path);
}

static void both_ways(void)
{
	char c;
	int fd;

	make_fifo();
	fd = open(path, O_RDWR);
	say("open: %d", fd >= 0);
	show("write", write(fd, "x", 1));
	show("read", read(fd, &c, 1));
	unlink(path);
}

static void write_record(int letter)
{
	int fd = open(path, O_WRONLY);
	char record[50];

	memset(record, letter, sizeof(record));
	for (int i = 0; i < 20; i++)
		if (write(fd, record, sizeof(record)) != sizeof(record))
			_exit(1);
}

static void many_writers(void)
{
	int count[3] = {0}, torn = 0, fd;
	char record[50];

	make_fifo();
	fd = open(path, O_RDWR);
	for (int i = 0; i < 3; i++)
		start(write_record, 'a' + i);
	for (int n = 0; n < 60; n++) {
		if (read(fd, record, sizeof(record)) != sizeof(record))
			break;
		count[record[0] - 'a']++;
		torn += record[0] != record[49];
	}
	say("torn %d, records %d %d %d", torn, count[0], count[1], count[2]);
	reap_all();
	unlink(path);
}

static const struct tracee_case cases[] = {
	{"reader first", reader_first},
	{"writer first", writer_first},
	{"no block", no_block},
	{"no writer yet", no_writer_yet},
	{"both ways", both_ways},
	{"many writers", many_writers},
};

TRACEE_MAIN(cases)
