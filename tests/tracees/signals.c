/* Handlers, masks, pending and queued signals, and waiting for them. */
#include "tracee.h"

static volatile sig_atomic_t count;

static void on_signal(int sig)
{
	count++;
	say("handler %s", sigabbrev_np(sig));
}

static void send(int what)
{
	nap(what / 100);
	kill(getppid(), what % 100);
}

/* Sends SIG to the case in that many tenths. */
static pid_t send_in(int tenths, int sig)
{
	return start(send, tenths * 100 + sig);
}

static sigset_t block(int sig)
{
	sigset_t set, old;

	sigemptyset(&set);
	sigaddset(&set, sig);
	sigprocmask(SIG_BLOCK, &set, &old);
	return old;
}

/* More are queued before it than one look at the queue takes. */
static void long_queue(void)
{
	sigset_t set;

	block(SIGRTMIN);
	block(SIGRTMIN + 1);
	for (int i = 0; i < 50; i++)
		kill(getpid(), SIGRTMIN);
	send_in(1, SIGRTMIN + 1);
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 1);
	show("waited for", sigwaitinfo(&set, NULL) - SIGRTMIN);
	reap_all();
}

static void pausing(void)
{
	handle(SIGUSR1, on_signal, 0);
	send_in(1, SIGUSR1);
	show("pause", pause());
	reap_all();
	show("raise", raise(SIGUSR1));
	show("kill", kill(getpid(), SIGUSR1));
	show("no such process", kill(999999, 0));
	show("bad signal", kill(getpid(), 99));
}

static void suspending(void)
{
	sigset_t old = block(SIGUSR1), pending;

	handle(SIGUSR1, on_signal, 0);
	raise(SIGUSR1);
	raise(SIGUSR1);
	sigpending(&pending);
	say("pending %d, handled %d", sigismember(&pending, SIGUSR1),
		(int)count);
	show("suspend", sigsuspend(&old));
	sigpending(&pending);
	say("pending %d, handled %d", sigismember(&pending, SIGUSR1),
		(int)count);
	send_in(1, SIGUSR1);
	show("suspend", sigsuspend(&old));
	reap_all();
}

static void queue_three(int unused)
{
	union sigval value;

	(void)unused;
	for (value.sival_int = 1; value.sival_int <= 3; value.sival_int++)
		sigqueue(getppid(), SIGRTMIN + 1, value);
}

static void waiting(void)
{
	struct timespec time = {0, 200000000};
	siginfo_t info;
	sigset_t set;
	pid_t pid;
	int sig;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 1);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	show("time-out", sigtimedwait(&set, &info, &time));
	pid = send_in(1, SIGUSR2);
	show("sigwaitinfo", sigwaitinfo(&set, &info));
	say("from child %d, code %d", info.si_pid == pid, info.si_code);
	reap_all();
	pid = start(queue_three, 0);
	reap(pid);
	for (int i = 0; i < 3; i++) {
		sig = sigwaitinfo(&set, &info);
		say("queued %d: value %d, code %d", sig == SIGRTMIN + 1,
			info.si_value.sival_int, info.si_code);
	}
	time.tv_nsec = 0;
	show("none left", sigtimedwait(&set, &info, &time));
	pid = send_in(2, SIGUSR2);
	time.tv_nsec = 900000000;
	show("in time", sigtimedwait(&set, NULL, &time));
	reap_all();
	pid = send_in(1, SIGUSR2);
	show_error("sigwait", sigwait(&set, &sig));
	reap_all();
}

static void nested(int sig)
{
	say("begin %s", sigabbrev_np(sig));
	if (sig == SIGUSR1 && count++ == 0) {
		raise(SIGUSR2);
		raise(SIGUSR1);
	}
	say("end %s", sigabbrev_np(sig));
}

static void masks(void)
{
	struct sigaction action = {.sa_handler = nested};

	handle(SIGUSR2, nested, 0);
	sigaction(SIGUSR1, &action, NULL);
	say("USR2 nests, USR1 comes afterwards");
	raise(SIGUSR1);
	say("USR1 nests, USR2 comes afterwards");
	count = 0;
	action.sa_flags = SA_NODEFER;
	sigaddset(&action.sa_mask, SIGUSR2);
	sigaction(SIGUSR1, &action, NULL);
	raise(SIGUSR1);
}

static void reset(void)
{
	struct sigaction action;

	handle(SIGTERM, on_signal, SA_RESETHAND);
	raise(SIGTERM);
	sigaction(SIGTERM, NULL, &action);
	say("reset %d", action.sa_handler == SIG_DFL);
	raise(SIGTERM);
	say("not reached");
}

static void with_info(int sig, siginfo_t *info, void *context)
{
	(void)context;
	say("%s from parent %d", sigabbrev_np(sig), info->si_pid == getppid());
}

static void child_with_info(int unused)
{
	struct sigaction action = {
		.sa_sigaction = with_info, .sa_flags = SA_SIGINFO};

	(void)unused;
	sigaction(SIGTERM, &action, NULL);
	show("pause", pause());
	show("pause", pause());
}

static void information(void)
{
	pid_t pid = start(child_with_info, 0);

	nap(1);
	kill(pid, SIGTERM);
	nap(1);
	kill(pid, SIGUSR1);
	show_status("child", reap(pid));
}

static void ignoring(int unused)
{
	(void)unused;
	signal(SIGTERM, SIG_IGN);
	signal(SIGCONT, SIG_DFL);
	show("pause", pause());
}

static void ignored(void)
{
	pid_t pid = start(ignoring, 0);

	nap(1);
	kill(pid, SIGTERM);
	kill(pid, SIGCONT);
	kill(pid, SIGCHLD);
	kill(pid, SIGWINCH);
	nap(1);
	show("lives", kill(pid, 0));
	kill(pid, SIGKILL);
	show_status("child", reap(pid));
}

static void to_group(int unused)
{
	(void)unused;
	pause();
}

static void group(void)
{
	pid_t first = start(to_group, 0), second;

	setpgid(first, first);
	second = start(to_group, 0);
	setpgid(second, first);
	nap(1);
	show("kill", kill(-first, SIGTERM));
	show_status("first", reap(first));
	show_status("second", reap(second));
	show("nobody", kill(-first, SIGTERM));
}

static void on_own_stack(int sig)
{
	char here;
	stack_t stack;

	sigaltstack(NULL, &stack);
	say("%s on it: %d", sigabbrev_np(sig),
		&here >= (char *)stack.ss_sp &&
			&here < (char *)stack.ss_sp + stack.ss_size);
}

static void alternate_stack(void)
{
	stack_t stack = {.ss_size = 65536};

	stack.ss_sp = malloc(stack.ss_size);
	show("sigaltstack", sigaltstack(&stack, NULL));
	handle(SIGUSR1, on_own_stack, SA_ONSTACK);
	raise(SIGUSR1);
	send_in(1, SIGUSR1);
	show("pause", pause());
	reap_all();
}

static const struct tracee_case cases[] = {
	{"pausing", pausing},
	{"suspending", suspending},
	{"waiting", waiting},
	{"masks", masks},
	{"reset", reset},
	{"information", information},
	{"ignored", ignored},
	{"group", group},
	{"alternate stack", alternate_stack},
	{"long queue", long_queue},
};

TRACEE_MAIN(cases)
