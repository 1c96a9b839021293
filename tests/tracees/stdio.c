/*
 * Buffers of stdio at fork, exit, _exit and abort of a stream.  The buffering
 * is set by the program, so a terminal and a pipe make no difference.  This
 * one is about standard output itself: children print in turn.
 */
#include "tracee.h"

static char buffer[4096];

static void print_and_exit(int i)
{
	printf("child %d by exit\n", i);
	exit(0);
}

static void print_and_quit(int i)
{
	printf("child %d by _exit, lost\n", i);
	_exit(0);
}

static void print_and_flush(int i)
{
	printf("child %d flushed\n", i);
	fflush(stdout);
	_exit(0);
}

static void print_pieces(int i)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	printf("child");
	printf(" %d", i);
	puts(" in pieces");
}

static void print_many(int i)
{
	for (int n = 0; n < 300; n++)
		printf("child %d line %d of many\n", i, n);
	exit(0);
}

static void print_error(int i)
{
	fprintf(stderr, "child %d on standard error\n", i);
	_exit(0);
}

static void duplicate(int i)
{
	int fd = dup(STDOUT_FILENO);

	dprintf(fd, "child %d by a duplicate\n", i);
	dup2(fd, 30);
	close(fd);
	dprintf(30, "child %d by another\n", i);
}

static void at_exit(void)
{
	printf("at exit\n");
}

static void exit_handlers(int i)
{
	atexit(at_exit);
	printf("child %d returns\n", i);
	exit(0);
}

static void killed(int i)
{
	printf("child %d is killed, lost\n", i);
	kill(getpid(), SIGKILL);
}

int main(void)
{
	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	printf("doubled by fork\n");
	reap(start(print_and_exit, 1));
	fflush(stdout);
	reap(start(print_and_quit, 2));
	reap(start(print_and_flush, 3));
	reap(start(print_pieces, 4));
	reap(start(print_many, 5));
	reap(start(print_error, 6));
	reap(start(duplicate, 7));
	reap(start(exit_handlers, 8));
	reap(start(killed, 9));
	setvbuf(stdout, buffer, _IOLBF, sizeof(buffer));
	printf("line buffered\nand the rest");
	reap(start(print_and_quit, 10));
	printf(" of it\n");
	printf("no newline at the end");
	return 0;
}
