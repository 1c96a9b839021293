/*
 * Job control: processes with one thread and with many that are stopped and
 * continued while they wait in every way, and what their parent sees of it.
 */
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>

#include "tracee.h"

static int pipe_ends[2];

static void *nap_in_thread(void *tenths)
{
	nap((int)(intptr_t)tenths);
	return NULL;
}

static void *read_in_thread(void *unused)
{
	char byte;

	(void)unused;
	if (read(pipe_ends[0], &byte, 1) != 1)
		_exit(1);
	return NULL;
}

static void *pause_in_thread(void *unused)
{
	(void)unused;
	pause();
	return NULL;
}

static void threads(int tenths)
{
	pthread_t threads[3];

	pthread_create(&threads[0], NULL, read_in_thread, NULL);
	pthread_create(&threads[1], NULL, pause_in_thread, NULL);
	pthread_create(&threads[2], NULL, nap_in_thread, (void *)4);
	pthread_join(threads[2], NULL);
	pthread_join(threads[0], NULL);
	nap(tenths);
	_exit(3);
}

static void wait_for(const char *what, pid_t pid, int options)
{
	int status = 0;
	pid_t got = waitpid(pid, &status, options);

	if (got == pid)
		show_status(what, status);
	else
		show(what, got);
}

static void many_threads(void)
{
	pid_t pid;

	if (pipe(pipe_ends) < 0)
		_exit(1);
	pid = start(threads, 1);
	nap(1);
	show("stop", kill(pid, SIGSTOP));
	wait_for("stopped", pid, WUNTRACED);
	wait_for("no news", pid, WUNTRACED | WNOHANG);
	nap(5);
	show("write", write(pipe_ends[1], "x", 1));
	show("continue", kill(pid, SIGCONT));
	wait_for("continued", pid, WCONTINUED);
	wait_for("ended", pid, 0);
}

static void stops_itself(int unused)
{
	pthread_t thread;

	(void)unused;
	pthread_create(&thread, NULL, nap_in_thread, (void *)2);
	nap(1);
	raise(SIGSTOP);
	nap(1);
	pthread_join(thread, NULL);
	nap(1);
	say("child went on");
	kill(getpid(), SIGSTOP);
	nap(1);
	say("child went on again");
	_exit(4);
}

static void of_its_own(void)
{
	pid_t pid = start(stops_itself, 0);

	wait_for("stopped", pid, WUNTRACED);
	nap(1);
	kill(pid, SIGCONT);
	wait_for("stopped again", pid, WUNTRACED);
	nap(1);
	kill(pid, SIGCONT);
	wait_for("continued", pid, WCONTINUED);
	wait_for("ended", pid, 0);
}

static void killed(void)
{
	pid_t pid;

	if (pipe(pipe_ends) < 0)
		_exit(1);
	pid = start(threads, 1);
	nap(1);
	kill(pid, SIGSTOP);
	wait_for("stopped", pid, WUNTRACED);
	kill(pid, SIGTERM);
	nap(1);
	wait_for("a signal waits", pid, WNOHANG);
	kill(pid, SIGKILL);
	wait_for("killed", pid, 0);
	pid = start(threads, 1);
	nap(1);
	kill(pid, SIGSTOP);
	wait_for("stopped", pid, WUNTRACED);
	kill(pid, SIGTERM);
	nap(1);
	kill(pid, SIGCONT);
	wait_for("terminated", pid, 0);
}

static void on_child(int sig, siginfo_t *info, void *context)
{
	(void)context;
	say("%s: code %d", sigabbrev_np(sig), info->si_code);
}

static void stop_twice(int unused)
{
	(void)unused;
	raise(SIGSTOP);
	nap(1);
}

static void told(void)
{
	struct sigaction action = {
		.sa_sigaction = on_child, .sa_flags = SA_SIGINFO};
	pid_t pid;

	sigaction(SIGCHLD, &action, NULL);
	pid = start(stop_twice, 0);
	nap(1);
	kill(pid, SIGCONT);
	nap(3);
	show_status("ended", reap(pid));
	action.sa_flags |= SA_NOCLDSTOP;
	sigaction(SIGCHLD, &action, NULL);
	pid = start(stop_twice, 0);
	nap(1);
	kill(pid, SIGCONT);
	nap(3);
	show_status("ended", reap(pid));
}

/* What each wait answers when its process was stopped and continued. */
static int pair[2], semaphore, queue;

static void call_nap(void)
{
	struct timespec time = {0, 500000000};

	show("nanosleep", nanosleep(&time, NULL));
}

static void call_poll(void)
{
	struct pollfd in = {pipe_ends[0], POLLIN, 0};

	show("poll", poll(&in, 1, 500));
}

static void call_select(void)
{
	struct timeval time = {0, 500000};
	fd_set set;

	FD_ZERO(&set);
	FD_SET(pipe_ends[0], &set);
	show("select", select(pipe_ends[0] + 1, &set, NULL, NULL, &time));
}

static void call_epoll(void)
{
	struct epoll_event event = {.events = EPOLLIN};
	int fd = epoll_create1(0);

	epoll_ctl(fd, EPOLL_CTL_ADD, pipe_ends[0], &event);
	show("epoll_wait", epoll_wait(fd, &event, 1, 500));
}

static void call_semop(void)
{
	struct sembuf take = {0, -1, 0};

	show("semop", semop(semaphore, &take, 1));
}

static void call_semtimedop(void)
{
	struct timespec time = {0, 500000000};
	struct sembuf take = {0, -1, 0};

	show("semtimedop", semtimedop(semaphore, &take, 1, &time));
}

static void call_msgrcv(void)
{
	struct {
		long type;
		char text[8];
	} message;

	show("msgrcv", msgrcv(queue, &message, sizeof(message.text), 0, 0));
}

static void call_sigtimedwait(void)
{
	struct timespec time = {0, 500000000};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	show("sigtimedwait", sigtimedwait(&set, NULL, &time));
}

static void call_recv(void)
{
	struct timeval time = {0, 500000};
	char byte;

	setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time));
	show("recv", recv(pair[0], &byte, 1, 0));
}

static void call_read(void)
{
	char byte;

	show("read", read(pipe_ends[0], &byte, 1));
}

static void call_cond(void)
{
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
	struct timespec time = in_tenths(CLOCK_REALTIME, 5);

	pthread_mutex_lock(&mutex);
	show_error("cond", pthread_cond_timedwait(&cond, &mutex, &time));
}

static const struct {
	const char *name;
	void (*call)(void);
} waits[] = {
	{"nanosleep", call_nap},
	{"poll", call_poll},
	{"select", call_select},
	{"epoll_wait", call_epoll},
	{"semop", call_semop},
	{"semtimedop", call_semtimedop},
	{"msgrcv", call_msgrcv},
	{"sigtimedwait", call_sigtimedwait},
	{"recv", call_recv},
	{"read", call_read},
	{"condition", call_cond},
};

static void run_wait(int which)
{
	waits[which].call();
}

/* The case's number is that of the wait. */
static void waiting(void)
{
	pid_t pid;

	if (pipe(pipe_ends) < 0 ||
		socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		_exit(1);
	semaphore = semget(IPC_PRIVATE, 1, 0600);
	queue = msgget(IPC_PRIVATE, 0600);
	pid = start(run_wait, tracee_index);
	nap(1);
	kill(pid, SIGSTOP);
	wait_for("stopped", pid, WUNTRACED);
	nap(1);
	kill(pid, SIGCONT);
	nap(5);
	kill(pid, SIGKILL);
	show_status("it", reap(pid));
	semctl(semaphore, 0, IPC_RMID);
	msgctl(queue, IPC_RMID, NULL);
}

int main(void)
{
	struct tracee_case cases[COUNT(waits) + 4] = {
		[COUNT(waits)] = {"many threads", many_threads},
		{"of its own", of_its_own},
		{"killed", killed},
		{"told", told},
	};

	for (size_t i = 0; i < COUNT(waits); i++)
		cases[i] = (struct tracee_case){waits[i].name, waiting};
	return run_cases(cases, COUNT(cases));
}
