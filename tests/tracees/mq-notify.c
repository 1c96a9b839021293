/* mq_notify(3) by signal, and what ends a notification; queue attributes. */
#include <fcntl.h>
#include <mqueue.h>

#include "tracee.h"

static mqd_t queue;
static char name[40];

static void make_queue(int flags)
{
	struct mq_attr attr = {.mq_maxmsg = 2, .mq_msgsize = 16};

	snprintf(name, sizeof(name), "/tracee-notify-%d-%d", getpid(),
		tracee_index);
	queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL | flags, 0600, &attr);
	if (queue < 0)
		_exit(1);
	mq_unlink(name);
}

static void send_at(int tenths)
{
	nap(tenths);
	if (mq_send(queue, "hello", 5, 1) != 0)
		_exit(1);
}

static void notify(const char *what, int kind, int sig)
{
	struct sigevent how = {.sigev_notify = kind, .sigev_signo = sig};

	how.sigev_value.sival_int = 42;
	show(what, mq_notify(queue, &how));
}

static void on_message(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	say("handler: code %d, value %d, child %d", info->si_code,
		info->si_value.sival_int, info->si_pid != getpid());
}

static void catch(void)
{
	struct sigaction action = {
		.sa_sigaction = on_message, .sa_flags = SA_SIGINFO};

	sigaction(SIGUSR1, &action, NULL);
}

static void by_signal(void)
{
	char text[16];

	make_queue(0);
	catch();
	notify("notify", SIGEV_SIGNAL, SIGUSR1);
	notify("again", SIGEV_SIGNAL, SIGUSR1);
	start(send_at, 1);
	show("pause", pause());
	reap_all();
	start(send_at, 1);
	nap(2);
	say("no second signal");
	show("receive", mq_receive(queue, text, 16, NULL));
	show("receive", mq_receive(queue, text, 16, NULL));
	notify("notify", SIGEV_SIGNAL, SIGUSR1);
	show("take it back", mq_notify(queue, NULL));
	send_at(0);
	nap(1);
	say("none");
	reap_all();
}

static void wait_for_signal(void)
{
	siginfo_t info;
	sigset_t mask;

	make_queue(0);
	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR2);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	notify("notify", SIGEV_SIGNAL, SIGUSR2);
	start(send_at, 1);
	show("wait", sigwaitinfo(&mask, &info));
	say("code %d", info.si_code);
	notify("silent", SIGEV_NONE, 0);
	notify("bad signal", SIGEV_SIGNAL, 99);
	reap_all();
}

static void attributes(void)
{
	struct timespec bad = {0, -1};
	struct mq_attr attr;
	char text[16];

	make_queue(O_NONBLOCK);
	show("empty", mq_receive(queue, text, 16, NULL));
	show("small", mq_receive(queue, text, 15, NULL));
	send_at(0);
	send_at(0);
	show("full", mq_send(queue, "x", 1, 0));
	show("get", mq_getattr(queue, &attr));
	say("%ld of %ld", attr.mq_curmsgs, attr.mq_maxmsg);
	attr.mq_flags = 0;
	show("set", mq_setattr(queue, &attr, NULL));
	show("bad time", mq_timedsend(queue, "x", 1, 0, &bad));
	show("big", mq_send(queue, name, 17, 0));
}

static const struct tracee_case cases[] = {
	{"by signal", by_signal},
	{"wait for the signal", wait_for_signal},
	{"attributes", attributes},
};

TRACEE_MAIN(cases)
