/* epoll in all its ways; signalfd, timerfd and eventfd in one loop. */
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>

#include "tracee.h"

static int set, ends[2];

static void make_set(void)
{
	set = epoll_create1(EPOLL_CLOEXEC);
	if (pipe(ends) < 0)
		_exit(1);
}

static void control(const char *what, int operation, int fd, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.fd = fd};

	if (epoll_ctl(set, operation, fd, &event) < 0)
		show(what, -1);
}

static int take(const char *what, int timeout)
{
	struct epoll_event event;
	int count = epoll_wait(set, &event, 1, timeout);

	if (show(what, count) == 1)
		say("  events %x, the pipe %d", event.events,
			event.data.fd == ends[0]);
	return count == 1 ? event.data.fd : -1;
}

static void write_at(int tenths)
{
	nap(tenths);
	if (write(ends[1], "x", 1) != 1)
		_exit(1);
}

static void level(void)
{
	struct epoll_event event;
	char byte;

	make_set();
	control("add", EPOLL_CTL_ADD, ends[0], EPOLLIN);
	control("add again", EPOLL_CTL_ADD, ends[0], EPOLLIN);
	control("add itself", EPOLL_CTL_ADD, set, EPOLLIN);
	control("not there", EPOLL_CTL_MOD, ends[1], EPOLLIN);
	take("nothing", 0);
	take("time-out", 100);
	start(write_at, 1);
	take("waits", -1);
	take("still", -1);
	read(ends[0], &byte, 1);
	take("read", 0);
	control("change", EPOLL_CTL_MOD, ends[0], 0);
	start(write_at, 0);
	reap_all();
	take("not asked for", 100);
	control("change", EPOLL_CTL_MOD, ends[0], EPOLLIN);
	take("asked for", -1);
	close(ends[1]);
	read(ends[0], &byte, 1);
	take("hung up", -1);
	control("remove", EPOLL_CTL_DEL, ends[0], 0);
	take("removed", 100);
	show("bad size", epoll_wait(set, &event, 0, 0));
	show("no set", epoll_wait(ends[0], &event, 1, -1));
}

static void edge(void)
{
	char byte;

	make_set();
	control("add", EPOLL_CTL_ADD, ends[0], EPOLLIN | EPOLLET);
	start(write_at, 1);
	take("edge", -1);
	take("no second", 100);
	start(write_at, 1);
	take("another", -1);
	read(ends[0], &byte, 1);
	take("one is left, and no edge", 100);
	reap_all();
}

static void one_shot(void)
{
	make_set();
	control("add", EPOLL_CTL_ADD, ends[0], EPOLLIN | EPOLLONESHOT);
	start(write_at, 1);
	take("once", -1);
	take("disarmed", 100);
	start(write_at, 1);
	take("still", 200);
	control("arm", EPOLL_CTL_MOD, ends[0], EPOLLIN | EPOLLONESHOT);
	take("armed", -1);
	reap_all();
}

static void nested(void)
{
	struct epoll_event event = {.events = EPOLLIN};
	struct pollfd in;
	int outer = epoll_create1(0);
	char byte;

	make_set();
	control("add", EPOLL_CTL_ADD, ends[0], EPOLLIN);
	show("nest", epoll_ctl(outer, EPOLL_CTL_ADD, set, &event));
	show("nothing", epoll_wait(outer, &event, 1, 100));
	start(write_at, 1);
	show("inner", epoll_wait(outer, &event, 1, -1));
	in = (struct pollfd){outer, POLLIN, 0};
	show("polled", poll(&in, 1, 0));
	read(ends[0], &byte, 1);
	show("nothing", poll(&in, 1, 100));
	start(write_at, 1);
	show("polled", poll(&in, 1, -1));
	reap_all();
}

static void *wait_for_event(void *unused)
{
	struct epoll_event event;

	(void)unused;
	return (void *)(intptr_t)epoll_wait(set, &event, 1, 400);
}

static void several_threads(void)
{
	pthread_t threads[3];
	void *result;
	long total = 0;

	make_set();
	control("add", EPOLL_CTL_ADD, ends[0], EPOLLIN | EPOLLET);
	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, wait_for_event, NULL);
	nap(1);
	write_at(0);
	for (int i = 0; i < 3; i++) {
		pthread_join(threads[i], &result);
		total += (intptr_t)result;
	}
	say("woken %ld", total);
}

static void signal_at(int tenths)
{
	nap(tenths);
	kill(getppid(), SIGUSR1);
}

static void loop(void)
{
	struct itimerspec time = {{0, 0}, {0, 200000000}};
	struct signalfd_siginfo info;
	sigset_t mask;
	uint64_t count;
	int event, signals, timer;

	make_set();
	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR1);
	sigaddset(&mask, SIGALRM);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	signals = signalfd(-1, &mask, SFD_NONBLOCK);
	event = eventfd(0, EFD_SEMAPHORE);
	timer = timerfd_create(CLOCK_MONOTONIC, 0);
	timerfd_settime(timer, 0, &time, NULL);
	control("add", EPOLL_CTL_ADD, signals, EPOLLIN);
	control("add", EPOLL_CTL_ADD, event, EPOLLIN);
	control("add", EPOLL_CTL_ADD, timer, EPOLLIN);
	control("add", EPOLL_CTL_ADD, ends[0], EPOLLIN);
	show("nothing", read(signals, &info, sizeof(info)));
	start(signal_at, 1);
	start(write_at, 3);
	ualarm(400000, 0);
	for (int i = 0; i < 4; i++) {
		int fd = take("event", -1);

		if (fd == signals && read(fd, &info, sizeof(info)) > 0)
			say("  signal %s", sigabbrev_np((int)info.ssi_signo));
		else if (fd == timer && read(fd, &count, sizeof(count)) > 0)
			say("  timer %d", (int)count);
		else if (fd == ends[0] && read(fd, &count, 1) == 1)
			eventfd_write(event, 2);
		else if (fd == event && eventfd_read(fd, &count) == 0)
			say("  one of two");
	}
	eventfd_read(event, &count);
	take("the alarm", -1);
	read(signals, &info, sizeof(info));
	take("nothing more", 100);
	reap_all();
}

static void on_signal(int sig)
{
	say("handler %s", sigabbrev_np(sig));
}

static void with_mask(void)
{
	struct timespec time = {0, 100000000};
	struct epoll_event event;
	sigset_t mask, none;

	make_set();
	control("add", EPOLL_CTL_ADD, ends[0], EPOLLIN);
	handle(SIGUSR1, on_signal, SA_RESTART);
	sigemptyset(&none);
	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR1);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	raise(SIGUSR1);
	show("blocked", epoll_wait(set, &event, 1, 100));
	show("not blocked", epoll_pwait(set, &event, 1, 100, &none));
	start(signal_at, 1);
	show("waits", epoll_pwait(set, &event, 1, -1, &none));
	reap_all();
	show("by timespec", epoll_pwait2(set, &event, 1, &time, NULL));
	start(write_at, 1);
	show("for ever", epoll_pwait2(set, &event, 1, NULL, &none));
	reap_all();
	sigprocmask(SIG_UNBLOCK, &mask, NULL);
	start(signal_at, 1);
	read(ends[0], &mask, 1);
	show("not restarted", epoll_wait(set, &event, 1, -1));
	reap_all();
}

static void add_at(int tenths)
{
	nap(tenths);
	eventfd_write(set, 1);
}

static void semaphore(void)
{
	struct pollfd in;
	eventfd_t value;

	set = eventfd(2, EFD_SEMAPHORE);
	for (int i = 0; i < 2; i++)
		show("take", eventfd_read(set, &value));
	start(add_at, 1);
	show("wait", eventfd_read(set, &value));
	say("value %d", (int)value);
	reap_all();
	in = (struct pollfd){set, POLLIN | POLLOUT, 0};
	show("poll", poll(&in, 1, 0));
	say("events %x", in.revents);
	show("too much", eventfd_write(set, UINT64_MAX));
	show("short", read(set, &value, 7));
}

static const struct tracee_case cases[] = {
	{"level", level},
	{"edge", edge},
	{"one shot", one_shot},
	{"nested", nested},
	{"several threads", several_threads},
	{"loop", loop},
	{"with a mask", with_mask},
	{"semaphore", semaphore},
};

TRACEE_MAIN(cases)
