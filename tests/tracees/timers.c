/* alarm, interval timers, POSIX timers, and the descriptors of time. */
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/time.h>
#include <sys/timerfd.h>

#include "tracee.h"

static volatile sig_atomic_t ticks;

static void on_tick(int sig)
{
	(void)sig;
	ticks++;
}

static void alarms(void)
{
	handle(SIGALRM, on_tick, 0);
	show("alarm", alarm(1));
	show("pause", pause());
	show("alarm", alarm(7));
	show("left", alarm(0));
	nap(1);
	say("ticks %d", (int)ticks);
}

static void die_by_alarm(int unused)
{
	(void)unused;
	alarm(1);
	nap(50);
}

static void deadly(void)
{
	show_status("child", reap(start(die_by_alarm, 0)));
}

static void not_inherited_child(int unused)
{
	struct itimerval now;

	(void)unused;
	getitimer(ITIMER_REAL, &now);
	say("child has %ld", (long)now.it_value.tv_usec);
}

static void interval(void)
{
	struct itimerval timer = {{0, 100000}, {0, 200000}}, now;
	struct itimerval off = {{0, 0}, {0, 0}};

	handle(SIGALRM, on_tick, 0);
	show("set", setitimer(ITIMER_REAL, &timer, NULL));
	reap(start(not_inherited_child, 0));
	for (int i = 0; i < 3; i++)
		show("pause", pause());
	show("off", setitimer(ITIMER_REAL, &off, &now));
	say("interval was %ld", (long)now.it_interval.tv_usec);
	nap(2);
	say("ticks %d", (int)ticks);
	timer.it_value.tv_usec = 1000000;
	show("bad", setitimer(ITIMER_REAL, &timer, NULL));
}

static void on_timer(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	ticks++;
	say("timer %d", info->si_value.sival_int);
}

static void posix_timer(void)
{
	struct sigaction action = {
		.sa_sigaction = on_timer, .sa_flags = SA_SIGINFO};
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL,
		.sigev_signo = SIGRTMIN,
		.sigev_value.sival_int = 42};
	struct itimerspec time = {{0, 100000000}, {0, 100000000}};
	timer_t timer;

	sigaction(SIGRTMIN, &action, NULL);
	show("create", timer_create(CLOCK_MONOTONIC, &event, &timer));
	show("set", timer_settime(timer, 0, &time, NULL));
	show("pause", pause());
	show("pause", pause());
	show("delete", timer_delete(timer));
	nap(2);
	say("ticks %d", (int)ticks);
}

static void blocked_timer(void)
{
	struct itimerval timer = {{0, 100000}, {0, 100000}};
	struct itimerval off = {{0, 0}, {0, 0}};
	struct timespec none = {0, 0};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
	show("one", sigwaitinfo(&set, NULL));
	show("two", sigwaitinfo(&set, NULL));
	nap(3);
	setitimer(ITIMER_REAL, &off, NULL);
	show("merged", sigtimedwait(&set, NULL, &none));
	show("no more", sigtimedwait(&set, NULL, &none));
}

static void timer_descriptor(void)
{
	struct itimerspec time = {{0, 100000000}, {0, 200000000}};
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);
	struct pollfd in = {fd, POLLIN, 0};
	uint64_t count;

	show("set", timerfd_settime(fd, 0, &time, NULL));
	show("not yet", poll(&in, 1, 0));
	show("read", read(fd, &count, sizeof(count)));
	say("count %d", (int)count);
	show("poll", poll(&in, 1, -1));
	show("read", read(fd, &count, sizeof(count)));
	say("count %d", (int)count);
	time = (struct itimerspec){{0, 0}, in_tenths(CLOCK_MONOTONIC, 2)};
	show("absolute", timerfd_settime(fd, TFD_TIMER_ABSTIME, &time, NULL));
	show("read", read(fd, &count, sizeof(count)));
	time = (struct itimerspec){{0, 0}, {0, 0}};
	show("off", timerfd_settime(fd, 0, &time, NULL));
	show("time-out", poll(&in, 1, 200));
	fcntl(fd, F_SETFL, O_NONBLOCK);
	show("nothing", read(fd, &count, sizeof(count)));
}

static int event_fd;

static void add_at(int tenths)
{
	nap(tenths);
	if (eventfd_write(event_fd, tenths) < 0)
		_exit(1);
}

static void take_at(int tenths)
{
	eventfd_t value;

	nap(tenths);
	eventfd_read(event_fd, &value);
}

static void events(void)
{
	eventfd_t value;

	event_fd = eventfd(3, 0);
	show("read", eventfd_read(event_fd, &value));
	say("value %d", (int)value);
	start(add_at, 2);
	show("waits", eventfd_read(event_fd, &value));
	say("value %d", (int)value);
	show("most", eventfd_write(event_fd, UINT64_MAX - 1));
	start(take_at, 1);
	show("waits for room", eventfd_write(event_fd, 1));
	show("short", write(event_fd, &value, 4));
	reap_all();
	event_fd = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK);
	for (int i = 0; i < 3; i++)
		show("one by one", eventfd_read(event_fd, &value));
	say("value %d", (int)value);
}

static void signal_at(int tenths)
{
	nap(tenths);
	kill(getppid(), tenths == 1 ? SIGUSR1 : SIGUSR2);
}

static void signal_descriptor(void)
{
	struct signalfd_siginfo info;
	struct pollfd in;
	sigset_t set;
	pid_t pid;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, 0);
	in = (struct pollfd){fd, POLLIN, 0};
	show("not yet", poll(&in, 1, 0));
	pid = start(signal_at, 1);
	show("read", read(fd, &info, sizeof(info)));
	say("signal %d, from child %d", (int)info.ssi_signo,
		(pid_t)info.ssi_pid == pid);
	start(signal_at, 2);
	show("poll", poll(&in, 1, -1));
	show("read", read(fd, &info, sizeof(info)));
	say("signal %d", (int)info.ssi_signo);
	reap_all();
	fcntl(fd, F_SETFL, O_NONBLOCK);
	show("none", read(fd, &info, sizeof(info)));
}

static const struct tracee_case cases[] = {
	{"alarms", alarms},
	{"deadly", deadly},
	{"interval", interval},
	{"POSIX timer", posix_timer},
	{"blocked timer", blocked_timer},
	{"timer descriptor", timer_descriptor},
	{"events", events},
	{"signal descriptor", signal_descriptor},
};

TRACEE_MAIN(cases)
