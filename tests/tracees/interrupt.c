/*
 * A signal handler interrupts each call that can block, once without
 * SA_RESTART and once with it: EINTR, or going on until it is ready.
 */
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>

#include "tracee.h"

/* What a case works on; release() is run by another process. */
static int fds[2], id, epoll_fd;
static sem_t *sem;
static mqd_t queue;
static pid_t child;
static char filler[65536];
static volatile sig_atomic_t handled;

struct message {
	long type;
	char text[4096];
};

static void make_pipe(void)
{
	if (pipe(fds) < 0)
		_exit(1);
}

static void make_full_pipe(void)
{
	make_pipe();
	if (write(fds[1], filler, sizeof(filler)) != sizeof(filler))
		_exit(1);
}

static void make_child(void)
{
	child = fork();
	if (child == 0) {
		nap(4);
		_exit(0);
	}
}

static void make_nothing(void)
{
}

static void make_semaphore(void)
{
	sem = share(sizeof(*sem));
	sem_init(sem, 1, 0);
}

static void make_sysv_semaphore(void)
{
	id = semget(IPC_PRIVATE, 1, 0600);
	semctl(id, 0, SETVAL, 0);
}

static void make_sysv_queue(void)
{
	id = msgget(IPC_PRIVATE, 0600);
}

static void make_full_sysv_queue(void)
{
	struct message message = {1, "x"};

	make_sysv_queue();
	while (msgsnd(id, &message, sizeof(message.text), IPC_NOWAIT) == 0)
		;
}

static void make_mqueue(void)
{
	struct mq_attr attr = {.mq_maxmsg = 1, .mq_msgsize = 8};
	char name[40];

	snprintf(name, sizeof(name), "/interrupt-%d", (int)getpid());
	queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attr);
	mq_unlink(name);
}

static void make_full_mqueue(void)
{
	make_mqueue();
	mq_send(queue, "x", 1, 0);
}

/* A file that another process locks until 0.4; fds[0] is ours. */
static void make_locked_file(void)
{
	char name[40];

	snprintf(name, sizeof(name), "interrupt-%d", (int)getpid());
	fds[0] = open(name, O_RDWR | O_CREAT, 0600);
	fds[1] = open(name, O_RDWR);
	unlink(name);
	flock(fds[1], LOCK_EX);
}

static void make_record_lock(void)
{
	struct flock lock = {.l_type = F_WRLCK};

	make_locked_file();
	child = fork();
	if (child == 0) {
		fcntl(fds[1], F_SETLK, &lock);
		nap(4);
		_exit(0);
	}
	nap(1);
}

static void make_epoll(void)
{
	struct epoll_event event = {.events = EPOLLIN};

	make_pipe();
	epoll_fd = epoll_create1(0);
	epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fds[0], &event);
}

static long call_read(void)
{
	char c;

	return read(fds[0], &c, 1);
}

static long call_write(void)
{
	return write(fds[1], "x", 1);
}

static long call_wait(void)
{
	return waitpid(child, NULL, 0) == child ? 1 : -1;
}

static long call_nanosleep(void)
{
	struct timespec time = {0, 400000000}, left = {0, 0};
	long result = nanosleep(&time, &left);

	say("left: %ld", (left.tv_nsec + 50000000) / 100000000);
	return result;
}

static long call_sleep_until(void)
{
	struct timespec time = in_tenths(CLOCK_MONOTONIC, 4);

	errno = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
	return errno == 0 ? 0 : -1;
}

static long call_sem_wait(void)
{
	return sem_wait(sem);
}

static long call_sem_timedwait(void)
{
	struct timespec time = in_tenths(CLOCK_REALTIME, 9);

	return sem_timedwait(sem, &time);
}

static long call_semop(void)
{
	struct sembuf op = {0, -1, 0};

	return semop(id, &op, 1);
}

static long call_semtimedop(void)
{
	struct sembuf op = {0, -1, 0};
	struct timespec time = {0, 900000000};

	return semtimedop(id, &op, 1, &time);
}

static long call_msgrcv(void)
{
	struct message message;

	return msgrcv(id, &message, sizeof(message.text), 0, 0);
}

static long call_msgsnd(void)
{
	struct message message = {1, "x"};

	return msgsnd(id, &message, sizeof(message.text), 0);
}

static long call_mq_receive(void)
{
	char text[8];

	return mq_receive(queue, text, sizeof(text), NULL);
}

static long call_mq_send(void)
{
	return mq_send(queue, "x", 1, 0);
}

static long call_flock(void)
{
	return flock(fds[0], LOCK_EX);
}

static long call_fcntl(void)
{
	struct flock lock = {.l_type = F_WRLCK};

	return fcntl(fds[0], F_SETLKW, &lock);
}

static long call_poll(void)
{
	struct pollfd poll_fd = {fds[0], POLLIN, 0};

	return poll(&poll_fd, 1, 900);
}

static long call_select(void)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(fds[0], &set);
	return select(fds[0] + 1, &set, NULL, NULL, NULL);
}

static long call_epoll(void)
{
	struct epoll_event event;

	return epoll_wait(epoll_fd, &event, 1, -1);
}

static long call_pause(void)
{
	return pause();
}

static void release_pipe(void)
{
	if (write(fds[1], "xx", 2) != 2)
		_exit(1);
}

static void release_full_pipe(void)
{
	if (read(fds[0], filler, sizeof(filler)) < 0)
		_exit(1);
}

static void release_nothing(void)
{
}

static void release_semaphore(void)
{
	sem_post(sem);
}

static void release_sysv_semaphore(void)
{
	struct sembuf op = {0, 1, 0};

	semop(id, &op, 1);
}

static void release_sysv_queue(void)
{
	call_msgsnd();
}

static void release_full_sysv_queue(void)
{
	call_msgrcv();
}

static void release_mqueue(void)
{
	mq_send(queue, "y", 1, 0);
}

static void release_full_mqueue(void)
{
	char text[8];

	if (mq_receive(queue, text, sizeof(text), NULL) < 0)
		_exit(1);
}

static void release_flock(void)
{
	flock(fds[1], LOCK_UN);
}

static const struct {
	const char *name;
	void (*make)(void);
	long (*call)(void);
	void (*release)(void);
} calls[] = {
	{"read", make_pipe, call_read, release_pipe},
	{"write", make_full_pipe, call_write, release_full_pipe},
	{"waitpid", make_child, call_wait, release_nothing},
	{"nanosleep", make_nothing, call_nanosleep, release_nothing},
	{"sleep until", make_nothing, call_sleep_until, release_nothing},
	{"sem_wait", make_semaphore, call_sem_wait, release_semaphore},
	{"sem_timedwait", make_semaphore, call_sem_timedwait,
		release_semaphore},
	{"semop", make_sysv_semaphore, call_semop, release_sysv_semaphore},
	{"semtimedop", make_sysv_semaphore, call_semtimedop,
		release_sysv_semaphore},
	{"msgrcv", make_sysv_queue, call_msgrcv, release_sysv_queue},
	{"msgsnd", make_full_sysv_queue, call_msgsnd, release_full_sysv_queue},
	{"mq_receive", make_mqueue, call_mq_receive, release_mqueue},
	{"mq_send", make_full_mqueue, call_mq_send, release_full_mqueue},
	{"flock", make_locked_file, call_flock, release_flock},
	{"fcntl", make_record_lock, call_fcntl, release_nothing},
	{"poll", make_pipe, call_poll, release_pipe},
	{"select", make_pipe, call_select, release_pipe},
	{"epoll_wait", make_epoll, call_epoll, release_pipe},
	{"pause", make_nothing, call_pause, release_nothing},
};

static void on_signal(int sig)
{
	(void)sig;
	handled++;
}

static void interrupt(size_t i, int flags)
{
	pid_t parent = getpid(), poker;

	calls[i].make();
	handle(SIGUSR1, on_signal, flags);
	poker = fork();
	if (poker == 0) {
		nap(1);
		kill(parent, SIGUSR1);
		nap(2);
		calls[i].release();
		_exit(0);
	}
	show(calls[i].name, calls[i].call());
	say("handled %d", (int)handled);
	reap(poker);
	if (strncmp(calls[i].name, "msg", 3) == 0)
		msgctl(id, IPC_RMID, NULL);
	if (calls[i].make == make_sysv_semaphore)
		semctl(id, 0, IPC_RMID);
}

static void run(void)
{
	size_t half = COUNT(calls);

	interrupt(tracee_index % half,
		(size_t)tracee_index < half ? 0 : SA_RESTART);
}

int main(void)
{
	struct tracee_case cases[2 * COUNT(calls)];

	for (size_t i = 0; i < COUNT(cases); i++) {
		cases[i].name = i < COUNT(calls) ? "interrupt" : "restart";
		cases[i].run = run;
	}
	return run_cases(cases, COUNT(cases));
}
