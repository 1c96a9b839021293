/* Signals of descriptors: F_SETOWN and O_ASYNC. */
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "tracee.h"

static volatile sig_atomic_t count;
static int ends[2];

static void on_signal(int sig)
{
	(void)sig;
	count++;
}

/* Ends with a signal to OWNER whenever FD gets ready. */
static void ask(int fd, pid_t owner)
{
	handle(SIGIO, on_signal, 0);
	show("owner", fcntl(fd, F_SETOWN, owner));
	show("flags", fcntl(fd, F_SETFL, O_ASYNC | O_NONBLOCK));
}

static void make_pipe(void)
{
	if (pipe(ends) != 0)
		_exit(1);
}

/* In 0.3 s at most; says whether a signal came, and when. */
static void await(const char *what)
{
	struct timespec time = {0, 300000000};

	count = 0;
	show(what, nanosleep(&time, NULL));
	say("signals: %d", (int)count);
}

static void write_at(int tenths)
{
	nap(tenths);
	if (write(ends[1], "x", 1) != 1)
		_exit(1);
	nap(8);
}

static void data(void)
{
	char byte;

	make_pipe();
	ask(ends[0], getpid());
	show("nothing yet", read(ends[0], &byte, 1));
	start(write_at, 1);
	await("a write");
	show("read", read(ends[0], &byte, 1));
	await("no more");
	show("own write", write(ends[1], "yz", 2));
	say("signals: %d", (int)count);
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	show("without", write(ends[1], "z", 1));
	say("signals: %d", (int)count);
}

static void nap_with_pipe(int tenths)
{
	nap(tenths % 10);
	if (tenths >= 10)
		raise(SIGKILL);
}

static void close_at(int tenths)
{
	nap(tenths);
	close(ends[1]);
	nap(3);
}

static void other_end_goes(void (*role)(int), int how)
{
	char byte;

	make_pipe();
	start(role, how);
	close(ends[1]);
	ask(ends[0], getpid());
	await("the end");
	show("read", read(ends[0], &byte, 1));
}

static void exits(void)
{
	other_end_goes(nap_with_pipe, 1);
}

static void is_killed(void)
{
	other_end_goes(nap_with_pipe, 12);
}

static void closes(void)
{
	other_end_goes(close_at, 2);
}

static void read_at(int tenths)
{
	static char block[65536];

	nap(tenths);
	if (read(ends[0], block, sizeof(block)) < 0)
		_exit(1);
	nap(5);
}

static void room(void)
{
	static char block[65536];

	make_pipe();
	ask(ends[1], getpid());
	show("write", write(ends[1], block, sizeof(block)));
	show("full", write(ends[1], block, 1));
	start(read_at, 1);
	await("room");
}

static void await_signal(int unused)
{
	(void)unused;
	await("in the child");
}

static void for_a_child(void)
{
	pid_t pid;
	long wrote;

	handle(SIGIO, on_signal, 0);
	make_pipe();
	pid = start(await_signal, 0);
	ask(ends[0], pid);
	nap(1);
	wrote = write(ends[1], "x", 1);
	nap(1); /* the child speaks now */
	show("write", wrote);
	say("signals: %d", (int)count);
	reap_all();
	show("owner gone", fcntl(ends[0], F_SETOWN, pid));
}

static void for_a_group(void)
{
	make_pipe();
	setpgid(0, 0);
	ask(ends[0], -getpgrp());
	show("asked for", fcntl(ends[0], F_GETOWN) + getpgrp());
	start(write_at, 1);
	await("the group");
}

static void by_struct(void)
{
	struct f_owner_ex owner = {F_OWNER_TID, gettid()};

	make_pipe();
	ask(ends[0], 0);
	show("write", write(ends[1], "x", 1));
	say("signals: %d", (int)count);
	show("thread", fcntl(ends[0], F_SETOWN_EX, &owner));
	start(write_at, 1);
	await("the thread");
	owner = (struct f_owner_ex){F_OWNER_PID, getpid()};
	show("process", fcntl(ends[0], F_SETOWN_EX, &owner));
	show("write", write(ends[1], "x", 1));
	say("signals: %d", (int)count);
	owner.type = 9;
	show("no such type", fcntl(ends[0], F_SETOWN_EX, &owner));
	show("no memory", fcntl(ends[0], F_SETOWN_EX, NULL));
}

static void sockets(void)
{
	char byte;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
		_exit(1);
	ask(ends[0], getpid());
	start(write_at, 1);
	await("a write");
	show("read", read(ends[0], &byte, 1));
}

static void waited_for(void)
{
	struct timespec time = {1, 0};
	sigset_t set;

	make_pipe();
	ask(ends[0], getpid());
	sigemptyset(&set);
	sigaddset(&set, SIGIO);
	sigprocmask(SIG_BLOCK, &set, NULL);
	start(write_at, 1);
	say("waited: %d", sigtimedwait(&set, NULL, &time) == SIGIO);
}

static void dies_of_it(int unused)
{
	(void)unused;
	handle(SIGIO, SIG_DFL, 0);
	fcntl(ends[0], F_SETOWN, getpid());
	fcntl(ends[0], F_SETFL, O_ASYNC);
	pause();
}

static void default_action(void)
{
	pid_t pid;

	make_pipe();
	pid = start(dies_of_it, 0);
	nap(1);
	show("write", write(ends[1], "x", 1));
	show_status("child", reap(pid));
}

static void errors(void)
{
	make_pipe();
	show("nobody", fcntl(ends[0], F_SETOWN, 999999));
	show("no group", fcntl(ends[0], F_SETOWN, -999999));
	show("bad descriptor", fcntl(63, F_SETOWN, getpid()));
}

static const struct tracee_case cases[] = {
	{"data", data},
	{"exits", exits},
	{"is killed", is_killed},
	{"closes", closes},
	{"room", room},
	{"for a child", for_a_child},
	{"for a group", for_a_group},
	{"by struct", by_struct},
	{"sockets", sockets},
	{"waited for", waited_for},
	{"default action", default_action},
	{"errors", errors},
};

TRACEE_MAIN(cases)
