/* Pipes: blocking both ways, end of file, EPIPE, big and atomic writes. */
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/uio.h>

#include "tracee.h"

static int fds[2];
static char big[300000];

static void make_pipe(void)
{
	if (pipe(fds) < 0)
		_exit(1);
}

static void write_later(int tenths)
{
	nap(tenths);
	if (write(fds[1], "hello", 5) != 5)
		_exit(1);
}

static void reader_blocks(void)
{
	char text[10];

	make_pipe();
	start(write_later, 2);
	show("read", read(fds[0], text, sizeof(text)));
	reap_all();
}

static void write_big(int unused)
{
	(void)unused;
	close(fds[0]);
	memset(big, 'x', sizeof(big));
	show("big write", write(fds[1], big, sizeof(big)));
}

static void big_write(void)
{
	long total = 0, got;

	make_pipe();
	start(write_big, 0);
	close(fds[1]);
	nap(1);
	show("there is", ioctl(fds[0], FIONREAD, &got) == 0 ? got : -1);
	while (total < 200000) {
		got = read(fds[0], big, 200000 - total);
		total += got;
	}
	nap(1);
	while ((got = read(fds[0], big, sizeof(big))) > 0)
		total += got;
	show("total", total);
	show("end of file", got);
	reap_all();
}

static void broken(void)
{
	make_pipe();
	close(fds[0]);
	signal(SIGPIPE, SIG_IGN);
	show("write", write(fds[1], "x", 1));
}

static void write_broken(int unused)
{
	(void)unused;
	signal(SIGPIPE, SIG_DFL);
	close(fds[0]);
	for (;;)
		if (write(fds[1], big, sizeof(big)) < 0)
			_exit(1);
}

static void sigpipe_kills(void)
{
	pid_t pid;

	make_pipe();
	pid = start(write_broken, 0);
	nap(1);
	close(fds[0]);
	show_status("writer", reap(pid));
}

static void hold_open(int tenths)
{
	nap(tenths);
}

static void end_of_file(void)
{
	char c;

	make_pipe();
	start(hold_open, 1);
	start(hold_open, 2);
	close(fds[1]);
	show("read", read(fds[0], &c, 1));
	reap_all();
	make_pipe();
	fds[1] = dup2(fds[1], 20);
	start(hold_open, 1);
	show("written", write(20, "ab", 2));
	show("one", read(fds[0], &c, 1));
	show("two", read(fds[0], &c, 1));
}

static void not_blocking(void)
{
	long total = 0, wrote;
	char c;

	if (pipe2(fds, O_NONBLOCK) < 0)
		_exit(1);
	show("read empty", read(fds[0], &c, 1));
	show("size", fcntl(fds[1], F_GETPIPE_SZ));
	show("big write", write(fds[1], big, 100000));
	show("write full", write(fds[1], "x", 1));
	while ((wrote = read(fds[0], big, 5000)) > 0)
		total += wrote;
	show("last read", wrote);
	show("total", total);
	show("write", write(fds[1], big, 65536));
	show("no room", write(fds[1], big, 200));
	close(fds[1]);
	show("read", read(fds[0], big, 65536));
	show("read end", read(fds[0], big, 5000));
}

#define RECORD 128
static void write_records(int letter)
{
	char record[RECORD];

	close(fds[0]);
	memset(record, letter, sizeof(record));
	for (int i = 0; i < 600; i++)
		if (write(fds[1], record, RECORD) != RECORD)
			_exit(1);
}

static void many_writers(void)
{
	int count[4] = {0}, torn = 0;
	char record[RECORD];

	make_pipe();
	for (int i = 0; i < 4; i++)
		start(write_records, 'a' + i);
	close(fds[1]);
	while (read(fds[0], record, RECORD) == RECORD) {
		for (int i = 1; i < RECORD; i++)
			torn += record[i] != record[0];
		count[record[0] - 'a']++;
	}
	say("torn %d, records %d %d %d %d", torn, count[0], count[1], count[2],
		count[3]);
	reap_all();
}

static void full_then_read(int unused)
{
	(void)unused;
	nap(2);
	say("reader reads");
	if (read(fds[0], big, 4096) != 4096)
		_exit(1);
	nap(1);
	while (read(fds[0], big, 65536) == 65536)
		;
}

static void writer_blocks(void)
{
	make_pipe();
	show("fill", write(fds[1], big, 65536));
	start(full_then_read, 0);
	show("one more", write(fds[1], "x", 1));
	show("and a page", write(fds[1], big, 4096));
	close(fds[1]);
	reap_all();
}

static void vectors(void)
{
	char a[4] = "", b[4] = "";
	struct iovec out[2] = {{"abc", 3}, {"def", 3}};
	struct iovec in[2] = {{a, 2}, {b, 3}};

	make_pipe();
	show("writev", writev(fds[1], out, 2));
	show("readv", readv(fds[0], in, 2));
	say("%s %s", a, b);
	show("read nothing", read(fds[0], a, 0));
	show("read bad", read(fds[1], a, 1));
	show("write bad", write(fds[0], a, 1));
	show("seek", lseek(fds[0], 0, SEEK_SET));
}

static const struct tracee_case cases[] = {
	{"reader blocks", reader_blocks},
	{"big write", big_write},
	{"broken", broken},
	{"SIGPIPE kills", sigpipe_kills},
	{"end of file", end_of_file},
	{"not blocking", not_blocking},
	{"many writers", many_writers},
	{"writer blocks", writer_blocks},
	{"vectors", vectors},
};

TRACEE_MAIN(cases)
