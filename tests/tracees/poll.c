/* poll, ppoll, select, pselect and epoll, with and without a time-out. */
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>

#include "tracee.h"

static int fds[2];

static void make_pipe(void)
{
	if (pipe(fds) < 0)
		_exit(1);
}

static void write_at(int tenths)
{
	nap(tenths);
	if (write(fds[1], "x", 1) != 1)
		_exit(1);
}

static void show_poll(const char *what, struct pollfd *fd, int timeout)
{
	int events;

	show(what, poll(fd, 1, timeout));
	events = fd->revents;
	say("  in %d out %d hup %d err %d bad %d", !!(events & POLLIN),
		!!(events & POLLOUT), !!(events & POLLHUP),
		!!(events & POLLERR), !!(events & POLLNVAL));
}

static void by_poll(void)
{
	struct pollfd in, both[2];
	char c;

	make_pipe();
	in = (struct pollfd){fds[0], POLLIN, 0};
	show("at once", poll(&in, 1, 0));
	show("time-out", poll(&in, 1, 200));
	start(write_at, 1);
	show_poll("ready", &in, -1);
	show_poll("still", &in, 500);
	if (read(fds[0], &c, 1) != 1)
		_exit(1);
	show("taken", poll(&in, 1, 100));
	both[0] = in;
	both[1] = (struct pollfd){fds[1], POLLOUT, 0};
	show("both", poll(both, 2, -1));
	show_poll("out", &both[1], -1);
	reap_all();
	close(fds[1]);
	show_poll("hung up", &in, -1);
	in.fd = 999;
	show_poll("bad", &in, -1);
	in.fd = -1;
	show("negative", poll(&in, 1, 100));
	show("nothing", poll(NULL, 0, 100));
}

static void on_signal(int sig)
{
	(void)sig;
	say("handler");
}

static void signal_at(int tenths)
{
	nap(tenths);
	kill(getppid(), SIGUSR1);
}

static void by_ppoll(void)
{
	struct timespec time = {0, 200000000};
	struct pollfd in;
	sigset_t block, old;

	make_pipe();
	in = (struct pollfd){fds[0], POLLIN, 0};
	sigemptyset(&block);
	sigaddset(&block, SIGUSR1);
	sigprocmask(SIG_BLOCK, &block, &old);
	handle(SIGUSR1, on_signal, 0);
	show("time-out", ppoll(&in, 1, &time, NULL));
	start(signal_at, 1);
	show("signal blocked", ppoll(&in, 1, &time, NULL));
	show("pending", ppoll(&in, 1, &time, &old));
	start(signal_at, 1);
	show("signal", ppoll(&in, 1, NULL, &old));
	reap_all();
}

static void by_select(void)
{
	struct timeval time = {0, 300000};
	struct timespec short_time = {0, 100000000};
	fd_set set, out;

	make_pipe();
	FD_ZERO(&set);
	FD_SET(fds[0], &set);
	start(write_at, 1);
	show("select", select(fds[0] + 1, &set, NULL, NULL, &time));
	say("left %ld, set %d", (long)(time.tv_usec + 50000) / 100000,
		!!FD_ISSET(fds[0], &set));
	reap_all();
	if (read(fds[0], &set, 1) != 1)
		_exit(1);
	FD_ZERO(&set);
	FD_SET(fds[0], &set);
	time = (struct timeval){0, 200000};
	show("time-out", select(fds[0] + 1, &set, NULL, NULL, &time));
	say("left %ld, set %d", (long)time.tv_usec, !!FD_ISSET(fds[0], &set));
	FD_ZERO(&out);
	FD_SET(fds[1], &out);
	FD_SET(fds[0], &set);
	show("out", select(fds[1] + 1, &set, &out, NULL, NULL));
	say("in %d out %d", !!FD_ISSET(fds[0], &set), !!FD_ISSET(fds[1], &out));
	time = (struct timeval){0, 0};
	show("poll", select(fds[0] + 1, &set, NULL, NULL, &time));
	show("sleep",
		select(0, NULL, NULL, NULL, &(struct timeval){0, 100000}));
	show("pselect", pselect(0, NULL, NULL, NULL, &short_time, NULL));
	FD_ZERO(&set);
	FD_SET(20, &set);
	show("bad", select(21, &set, NULL, NULL, NULL));
}

static void by_epoll(void)
{
	struct epoll_event event = {.events = EPOLLIN, .data.u32 = 7};
	struct epoll_event got[4];
	int epoll = epoll_create1(0);
	char c;

	make_pipe();
	show("add", epoll_ctl(epoll, EPOLL_CTL_ADD, fds[0], &event));
	show("add again", epoll_ctl(epoll, EPOLL_CTL_ADD, fds[0], &event));
	show("at once", epoll_wait(epoll, got, 4, 0));
	show("time-out", epoll_wait(epoll, got, 4, 200));
	start(write_at, 1);
	show("ready", epoll_wait(epoll, got, 4, -1));
	say("data %u", got[0].data.u32);
	show("level", epoll_wait(epoll, got, 4, -1));
	reap_all();
	event.events = EPOLLIN | EPOLLET;
	show("edge", epoll_ctl(epoll, EPOLL_CTL_MOD, fds[0], &event));
	show("first", epoll_wait(epoll, got, 4, 100));
	show("second", epoll_wait(epoll, got, 4, 100));
	if (read(fds[0], &c, 1) != 1)
		_exit(1);
	event = (struct epoll_event){.events = EPOLLOUT, .data.u32 = 8};
	show("out", epoll_ctl(epoll, EPOLL_CTL_ADD, fds[1], &event));
	show("ready", epoll_wait(epoll, got, 4, -1));
	show("remove", epoll_ctl(epoll, EPOLL_CTL_DEL, fds[1], NULL));
	show("none", epoll_wait(epoll, got, 4, 100));
	show("remove again", epoll_ctl(epoll, EPOLL_CTL_DEL, fds[1], NULL));
	close(fds[1]);
	show("hung up", epoll_wait(epoll, got, 4, -1));
	say("hup %d", !!(got[0].events & EPOLLHUP));
}

static void relay(int unused)
{
	struct pollfd in = {fds[0], POLLIN, 0};
	char c;

	(void)unused;
	close(fds[1]);
	for (int n = 0;; n++) {
		poll(&in, 1, -1);
		if (read(fds[0], &c, 1) == 0) {
			say("relayed %d", n);
			return;
		}
	}
}

static void stream(void)
{
	make_pipe();
	start(relay, 0);
	close(fds[0]);
	for (int i = 0; i < 100; i++)
		if (write(fds[1], "x", 1) != 1)
			_exit(1);
	close(fds[1]);
	reap_all();
}

static const struct tracee_case cases[] = {
	{"poll", by_poll},
	{"ppoll", by_ppoll},
	{"select", by_select},
	{"epoll", by_epoll},
	{"stream", stream},
};

TRACEE_MAIN(cases)
