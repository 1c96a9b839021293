/* Sleeping: relative, absolute, interrupted, invalid; the clocks go on. */
#include <sys/time.h>

#include "tracee.h"

static void sleeps(void)
{
	struct timespec tenth = {0, 100000000};

	show("nanosleep", nanosleep(&tenth, NULL));
	show("usleep", usleep(100000));
	show("sleep", sleep(1));
	show("sleep(0)", sleep(0));
}

static void absolute(void)
{
	struct timespec time = in_tenths(CLOCK_MONOTONIC, 2);
	clockid_t real = CLOCK_REALTIME, boot = CLOCK_BOOTTIME;

	show_error("monotonic",
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL));
	show_error("in the past",
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL));
	time = in_tenths(real, 2);
	show_error(
		"real time", clock_nanosleep(real, TIMER_ABSTIME, &time, NULL));
	time = in_tenths(boot, 2);
	show_error(
		"boot time", clock_nanosleep(boot, TIMER_ABSTIME, &time, NULL));
	time = (struct timespec){0, 200000000};
	show_error("relative", clock_nanosleep(real, 0, &time, NULL));
}

static void invalid(void)
{
	struct timespec time = {0, 1000000000};

	show("too many ns", nanosleep(&time, NULL));
	time = (struct timespec){-1, 0};
	show("negative", nanosleep(&time, NULL));
	show_error("no clock", clock_nanosleep(12345, 0, &time, NULL));
	show("null", nanosleep(NULL, NULL));
}

static void on_alarm(int sig)
{
	(void)sig;
	say("alarm");
}

static void interrupted(void)
{
	struct timespec time = {0, 500000000}, left = {9, 9};
	struct itimerval timer = {{0, 0}, {0, 200000}};

	handle(SIGALRM, on_alarm, SA_RESTART);
	setitimer(ITIMER_REAL, &timer, NULL);
	show("nanosleep", nanosleep(&time, &left));
	say("left %ld.%ld", (long)left.tv_sec,
		(left.tv_nsec + 50000000) / 100000000);
	show("the rest", nanosleep(&left, NULL));
	setitimer(ITIMER_REAL, &timer, NULL);
	show("sleep(3)", sleep(3));
}

static void ignored(void)
{
	struct itimerval timer = {{0, 100000}, {0, 100000}};
	struct timespec time = {0, 350000000};

	signal(SIGALRM, SIG_IGN);
	setitimer(ITIMER_REAL, &timer, NULL);
	show("nanosleep", nanosleep(&time, NULL));
}

static void stopped_sleeper(int unused)
{
	struct timespec time = {0, 300000000};

	(void)unused;
	show("sleeper", nanosleep(&time, NULL));
}

static void stopped(void)
{
	pid_t pid = start(stopped_sleeper, 0);

	nap(1);
	kill(pid, SIGSTOP);
	waitpid(pid, NULL, WUNTRACED);
	nap(4);
	kill(pid, SIGCONT);
	show_status("sleeper", reap(pid));
	pid = start(stopped_sleeper, 0);
	nap(1);
	kill(pid, SIGSTOP);
	waitpid(pid, NULL, WUNTRACED);
	kill(pid, SIGCONT);
	show_status("sleeper", reap(pid));
}

static void clocks_agree(void)
{
	struct timespec mono[2], real[2];
	struct timeval day[2];
	time_t seconds[2];

	for (int i = 0; i < 2; i++) {
		clock_gettime(CLOCK_MONOTONIC, &mono[i]);
		clock_gettime(CLOCK_REALTIME, &real[i]);
		gettimeofday(&day[i], NULL);
		seconds[i] = time(NULL);
		if (i == 0)
			nap(10);
	}
	say("monotonic %ld",
		(long)((mono[1].tv_sec - mono[0].tv_sec) * 10 +
			(mono[1].tv_nsec - mono[0].tv_nsec) / 100000000));
	say("real %ld",
		(long)((real[1].tv_sec - real[0].tv_sec) * 10 +
			(real[1].tv_nsec - real[0].tv_nsec) / 100000000));
	say("day %ld", (long)((day[1].tv_sec - day[0].tv_sec) * 10 +
			       (day[1].tv_usec - day[0].tv_usec) / 100000));
	say("time %d", seconds[1] - seconds[0] >= 1);
	say("agree %d", labs(real[1].tv_sec - seconds[1]) <= 1);
	say("after 2020 %d", seconds[0] > 1577836800);
}

/* Asleep or waiting for somebody none is spent; who asks for it spends some. */
static void cpu_time(void)
{
	clock_t begin = clock();

	nap(2);
	reap(start(nap, 2));
	say("spent %ld", (long)((clock() - begin) * 10 / CLOCKS_PER_SEC));
	while (clock() - begin < CLOCKS_PER_SEC / 100)
		;
	say("spent some");
}

static void nap_and_say(int tenths)
{
	nap(tenths);
	say("sleeper %d", tenths);
}

static void many(void)
{
	int order[] = {4, 1, 3, 5, 2};

	for (size_t i = 0; i < COUNT(order); i++)
		start(nap_and_say, order[i]);
	reap_all();
	say("all");
}

/* Rounds that change nothing are none to the clock; what is left must show. */
static void cut_off(int sleeps)
{
	struct itimerval when = {{0, 0}, {1, 150000}};
	struct timespec times[2] = {{0, 100000000}, {0, 200000000}};
	struct timespec left = {0, 0};
	int i = 0;

	handle(SIGALRM, on_alarm, 0);
	setitimer(ITIMER_REAL, &when, NULL);
	while (nanosleep(&times[i], &left) == 0)
		i = (i + 1) % sleeps;
	say("cut off in sleep %d, left %ld", i,
		(left.tv_nsec + 30000000) / 50000000);
}

static void in_a_loop(void)
{
	reap(start(cut_off, 1));
	reap(start(cut_off, 2));
}

static const struct tracee_case cases[] = {
	{"sleeps", sleeps},
	{"absolute", absolute},
	{"invalid", invalid},
	{"interrupted", interrupted},
	{"ignored", ignored},
	{"stopped", stopped},
	{"clocks agree", clocks_agree},
	{"cpu time", cpu_time},
	{"many", many},
	{"in a loop", in_a_loop},
};

TRACEE_MAIN(cases)
