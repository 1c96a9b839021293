/* Notifications of POSIX timers, overruns, interval timers of CPU time. */
#include <pthread.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <poll.h>
#include <sys/epoll.h>

#include "tracee.h"

static timer_t timer;

static struct itimerspec spec(int first, int then)
{
	return (struct itimerspec){
		{then / 10, then % 10 * 100000000L},
		{first / 10, first % 10 * 100000000L}};
}

static void set(int first, int then)
{
	struct itimerspec time = spec(first, then);

	show("set", timer_settime(timer, 0, &time, NULL));
}

static void create(int notify, int signo)
{
	struct sigevent how = {.sigev_notify = notify, .sigev_signo = signo};

	how.sigev_value.sival_int = 7;
	show("create", timer_create(CLOCK_MONOTONIC, &how, &timer));
}

static void block(int sig)
{
	sigset_t mask;

	sigemptyset(&mask);
	sigaddset(&mask, sig);
	sigprocmask(SIG_BLOCK, &mask, NULL);
}

static void show_info(const char *what, int sig)
{
	static const struct timespec none;
	siginfo_t info = {0};
	sigset_t mask;

	sigemptyset(&mask);
	sigaddset(&mask, sig);
	if (show(what, sigtimedwait(&mask, &info, &none)) < 0)
		return;
	say("  code %d, value %d, overrun %d", info.si_code,
		info.si_value.sival_int, info.si_overrun);
}

static void overruns(void)
{
	struct itimerspec now;

	block(SIGUSR1);
	create(SIGEV_SIGNAL, SIGUSR1);
	set(1, 2);
	nap(2);
	show_info("one", SIGUSR1);
	show("overrun", timer_getoverrun(timer));
	nap(6);
	show_info("merged", SIGUSR1);
	show("overrun", timer_getoverrun(timer));
	show("get", timer_gettime(timer, &now));
	say("interval %ld", now.it_interval.tv_nsec);
	nap(2);
	show_info("one again", SIGUSR1);
	show("overrun", timer_getoverrun(timer));
	set(0, 0);
	nap(3);
	show_info("disarmed", SIGUSR1);
	show("delete", timer_delete(timer));
	show("again", timer_delete(timer));
}

/* How many there are. */
static int take_all(int sig)
{
	static const struct timespec none;
	sigset_t mask;
	int count = 0;

	sigemptyset(&mask);
	sigaddset(&mask, sig);
	while (sigtimedwait(&mask, NULL, &none) == sig)
		count++;
	return count;
}

/* A signal that can be queued: one at a time all the same. */
static void real_time(void)
{
	block(SIGRTMIN + 1);
	create(SIGEV_SIGNAL, SIGRTMIN + 1);
	set(1, 2);
	nap(6);
	show("merged", take_all(SIGRTMIN + 1));
}

static void on_timer(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	say("handler: value %d, overrun %d", info->si_value.sival_int,
		info->si_overrun);
	show("  overrun", timer_getoverrun(timer));
}

static void handled(void)
{
	struct sigaction action = {
		.sa_sigaction = on_timer, .sa_flags = SA_SIGINFO};
	sigset_t mask;

	block(SIGUSR1);
	sigaction(SIGUSR1, &action, NULL);
	create(SIGEV_SIGNAL, SIGUSR1);
	set(1, 2);
	nap(6);
	sigemptyset(&mask);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	nap(2);
}

static volatile int calls;

static void notified(union sigval value)
{
	__atomic_add_fetch(&calls, value.sival_int, __ATOMIC_SEQ_CST);
}

static void by_thread(void)
{
	struct sigevent how = {.sigev_notify = SIGEV_THREAD,
		.sigev_notify_function = notified,
		.sigev_value.sival_int = 1};

	show("create", timer_create(CLOCK_REALTIME, &how, &timer));
	set(1, 2);
	nap(6);
	say("calls %d", calls);
	show("delete", timer_delete(timer));
	nap(3);
	say("calls %d", calls);
}

static void on_signal(int sig)
{
	(void)sig;
	say("handler in thread %d", gettid() != getpid());
}

static void *wait_in_thread(void *unused)
{
	struct sigevent how = {
		.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR1};

	(void)unused;
	how._sigev_un._tid = gettid();
	show("create", timer_create(CLOCK_MONOTONIC, &how, &timer));
	set(2, 0);
	show("pause", pause());
	return NULL;
}

static void to_thread(void)
{
	pthread_t thread;

	handle(SIGUSR1, on_signal, 0);
	pthread_create(&thread, NULL, wait_in_thread, NULL);
	pthread_join(thread, NULL);
}

static void silent(void)
{
	struct itimerspec now;

	create(SIGEV_NONE, 0);
	set(3, 0);
	nap(1);
	timer_gettime(timer, &now);
	say("left %ld", (now.it_value.tv_nsec + 5000000) / 100000000);
	nap(3);
	timer_gettime(timer, &now);
	say("left %ld", now.it_value.tv_nsec);
	show("bad clock", timer_create(77, NULL, &timer));
	create(99, SIGUSR1);
	create(SIGEV_SIGNAL, 99);
}

static void child(int unused)
{
	struct itimerspec now;

	(void)unused;
	show("not inherited", timer_gettime(timer, &now));
	nap(3);
}

static void inheritance(void)
{
	handle(SIGUSR1, on_signal, 0);
	create(SIGEV_SIGNAL, SIGUSR1);
	set(2, 0);
	start(child, 0);
	reap_all();
}

/* Set while it is waited for, by whoever has it. */
static void set_at(int fd)
{
	struct itimerspec time = spec(1, 0);

	nap(1);
	timerfd_settime(fd, 0, &time, NULL);
}

static void descriptor(void)
{
	int fd = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC);
	struct itimerspec time = spec(2, 0), now;
	uint64_t count = 0;
	int other = dup(fd);

	start(set_at, fd);
	show("read", read(other, &count, sizeof(count)));
	say("count %d", (int)count);
	reap_all();
	show("set", timerfd_settime(fd, 0, &time, &now));
	say("was %ld", now.it_value.tv_nsec);
	show("short", read(fd, &count, 4));
	show("get", timerfd_gettime(other, &now));
	say("left %ld", (now.it_value.tv_nsec + 5000000) / 100000000);
	show("write", write(fd, &count, sizeof(count)));
	show("bad clock", timerfd_create(99, 0));
	show("no timer", timerfd_settime(0, 0, &time, NULL));
	show("not open", timerfd_settime(99, 0, &time, NULL));
	time = (struct itimerspec){{0, 0}, {0, 1000000000}};
	show("bad time", timerfd_settime(fd, 0, &time, NULL));
	/* between two expiries, so that a late machine counts the same */
	time.it_interval = (struct timespec){0, 200000000};
	time.it_value = in_tenths(CLOCK_REALTIME, 1);
	time.it_value.tv_sec--;
	show("past", timerfd_settime(fd, TFD_TIMER_ABSTIME, &time, NULL));
	show("read", read(fd, &count, sizeof(count)));
	say("count %d", (int)count);
}

static const struct tracee_case cases[] = {
	{"overruns", overruns},
	{"real-time signal", real_time},
	{"handled", handled},
	{"by a thread", by_thread},
	{"to a thread", to_thread},
	{"silent", silent},
	{"inheritance", inheritance},
	{"descriptor", descriptor},
};

TRACEE_MAIN(cases)
