/* Bytes that move without passing through the program, and vectors. */
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "tracee.h"

static int first[2], second[2], file;

static void make_pipes(void)
{
	if (pipe(first) < 0 || pipe(second) < 0)
		_exit(1);
}

static void make_file(const char *text)
{
	char path[40];

	snprintf(path, sizeof(path), "transfer-%d", tracee_index);
	file = open(path, O_RDWR | O_CREAT, 0600);
	unlink(path);
	if (file < 0 || write(file, text, strlen(text)) < 0)
		_exit(1);
	lseek(file, 0, SEEK_SET);
}

static void show_rest(const char *what, int fd)
{
	char text[100];
	ssize_t length = read(fd, text, sizeof(text) - 1);

	text[length < 0 ? 0 : length] = '\0';
	say("%s: '%s'", what, text);
}

static void write_at(int tenths)
{
	nap(tenths);
	if (write(first[1], "hello", 5) != 5)
		_exit(1);
}

static void read_at(int tenths)
{
	static char some[70000];

	nap(tenths);
	if (read(second[0], some, sizeof(some)) < 0)
		_exit(1);
}

static void between_pipes(void)
{
	static char full[65536];

	make_pipes();
	show("not now", splice(first[0], NULL, second[1], NULL, 100,
			       SPLICE_F_NONBLOCK));
	start(write_at, 1);
	show("splice", splice(first[0], NULL, second[1], NULL, 100, 0));
	reap_all();
	show_rest("spliced", second[0]);
	start(write_at, 1);
	show("tee", tee(first[0], second[1], 100, 0));
	reap_all();
	show_rest("copied", second[0]);
	show_rest("still there", first[0]);
	show("fill", write(second[1], full, sizeof(full)));
	write_at(0);
	start(read_at, 1);
	show("waits for room", splice(first[0], NULL, second[1], NULL, 3, 0));
	reap_all();
	show_rest("rest", first[0]);
	close(first[1]);
	show("end", splice(first[0], NULL, second[1], NULL, 100, 0));
	show("no pipe", splice(file, NULL, file, NULL, 1, 0));
}

static void from_memory(void)
{
	static char full[65536];
	struct iovec parts[2] = {{"abc", 3}, {"defg", 4}};

	make_pipes();
	show("vmsplice", vmsplice(second[1], parts, 2, 0));
	show_rest("it", second[0]);
	show("fill", write(second[1], full, sizeof(full)));
	show("not now", vmsplice(second[1], parts, 2, SPLICE_F_NONBLOCK));
	start(read_at, 1);
	show("waits", vmsplice(second[1], parts, 2, 0));
	reap_all();
}

static void with_files(void)
{
	loff_t offset = 2;

	make_pipes();
	make_file("0123456789");
	show("from a file", splice(file, &offset, first[1], NULL, 4, 0));
	say("offset %d", (int)offset);
	show_rest("it", first[0]);
	write_at(0);
	show("to a file", splice(first[0], NULL, file, NULL, 5, 0));
	show("offset", lseek(file, 0, SEEK_CUR));
	show("sendfile", sendfile(first[1], file, NULL, 100));
	show_rest("it", first[0]);
	offset = 0;
	show("copy", copy_file_range(file, &offset, file, NULL, 5, 0));
	lseek(file, 0, SEEK_SET);
	show_rest("all", file);
}

static void drain(int unused)
{
	static char some[10000];
	long total = 0, got;

	(void)unused;
	close(second[1]);
	nap(1);
	while ((got = read(second[0], some, sizeof(some))) > 0)
		total += got;
	say("drained %ld", total);
}

static void much(void)
{
	static char big[1000000];
	off_t offset = 0;

	make_file("");
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, second) < 0 ||
		write(file, big, sizeof(big)) != sizeof(big))
		_exit(1);
	start(drain, 0);
	close(second[0]);
	show("sendfile", sendfile(second[1], file, &offset, sizeof(big)));
	say("offset %ld", (long)offset);
	nap(1);
	close(second[1]);
	reap_all();
}

static void vectors(void)
{
	char left[3], right[4];
	struct iovec in[2] = {{left, 3}, {right, 4}};
	struct iovec out[2] = {{"abc", 3}, {"defg", 4}};

	make_pipes();
	make_file("");
	show("pwritev", pwritev(file, out, 2, 2));
	show("preadv", preadv(file, in, 2, 1));
	say("'%.2s' '%.4s'", left + 1, right);
	show("pwritev2", pwritev2(file, out, 2, -1, 0));
	show("append", pwritev2(file, out, 1, 0, RWF_APPEND));
	show("offset", lseek(file, 0, SEEK_CUR));
	show("preadv2", preadv2(file, in, 2, 0, 0));
	say("'%.3s' '%.4s'", left, right);
	show("preadv2 here", preadv2(file, in, 1, -1, 0));
	show("pipe at an offset", pwritev(first[1], out, 2, 5));
	show("pwrite to a pipe", pwrite(first[1], "x", 1, 0));
	show("pread of a pipe", pread(first[0], left, 1, 0));
	start(write_at, 1);
	show("preadv2 of a pipe", preadv2(first[0], in, 2, -1, 0));
	reap_all();
	show("not now", preadv2(first[0], in, 2, -1, RWF_NOWAIT));
	show("no such flag", preadv2(file, in, 2, -1, 0x40000000));
}

/* One read gets one write: pipe2(2). */
static void packets(void)
{
	char text[5000];

	if (pipe2(first, O_DIRECT) < 0)
		_exit(1);
	write_at(0);
	write_at(0);
	show("one", read(first[0], text, sizeof(text)));
	show("part", read(first[0], text, 2));
	start(write_at, 1);
	show("another", read(first[0], text, sizeof(text)));
	reap_all();
	show("big", write(first[1], text, sizeof(text)));
	show("first", read(first[0], text, sizeof(text)));
	show("second", read(first[0], text, sizeof(text)));
	show("size", fcntl(first[1], F_GETPIPE_SZ));
}

static const struct tracee_case cases[] = {
	{"between pipes", between_pipes},
	{"from memory", from_memory},
	{"with files", with_files},
	{"much", much},
	{"vectors", vectors},
	{"packets", packets},
};

TRACEE_MAIN(cases)
