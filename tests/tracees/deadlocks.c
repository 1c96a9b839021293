/*
 * Not compared with a native run: `deadlocks CLASS hang` waits for ever for
 * something of that class, which a child has or could give and never does;
 * with `slow` the child gives it after a long sleep and a computation.
 */
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "tracee.h"

struct shared {
	pthread_mutex_t mutex, other;
	pthread_cond_t cond;
	pthread_barrier_t barrier;
	pthread_rwlock_t rwlock;
	sem_t sem;
	int ready;
};

static struct shared *shared;
static int ends[2], fd, id;
static char bytes[65536];
static pthread_t thread;
static bool slow, circle;

static void nothing(void)
{
}

/* What the child does before it gives what is waited for. */
static void take_long(void)
{
	volatile unsigned sum = 0;

	if (!slow && circle) {
		nap(1);
		pthread_mutex_lock(&shared->other);
	}
	if (!slow)
		for (;;)
			pause();
	sleep(100);
	for (unsigned i = 0; i < 30000000; i++)
		sum += i;
}

static void make_pipe(void)
{
	if (pipe(ends) < 0)
		_exit(1);
}

static void make_full_pipe(void)
{
	make_pipe();
	if (write(ends[1], bytes, sizeof(bytes)) != sizeof(bytes))
		_exit(1);
}

static void read_pipe(void)
{
	if (read(ends[0], bytes, sizeof(bytes)) <= 0)
		_exit(1);
}

static void write_pipe(void)
{
	if (write(ends[1], "x", 1) != 1)
		_exit(1);
}

static void make_fifo(void)
{
	mkfifo("fifo", 0600);
}

static void open_to_read(void)
{
	open("fifo", O_RDONLY);
}

static void open_to_write(void)
{
	open("fifo", O_WRONLY);
}

static void open_file(void)
{
	fd = open("file", O_RDWR | O_CREAT, 0600);
}

static void lock_file(void)
{
	open_file();
	flock(fd, LOCK_EX);
}

static void unlock_file(void)
{
	flock(fd, LOCK_UN);
}

static void lock_record(int command, short type)
{
	struct flock lock = {.l_type = type};

	if (fcntl(fd, command, &lock) < 0)
		_exit(1);
}

static void lock_by_fcntl(void)
{
	open_file();
	lock_record(F_SETLKW, F_WRLCK);
}

static void unlock_by_fcntl(void)
{
	lock_record(F_SETLKW, F_UNLCK);
}

static void lock_description(void)
{
	open_file();
	lock_record(F_OFD_SETLKW, F_WRLCK);
}

static void unlock_description(void)
{
	lock_record(F_OFD_SETLKW, F_UNLCK);
}

static void wait_child(void)
{
	wait(NULL);
}

static void make_shared(int protocol)
{
	pthread_mutexattr_t mutex;
	pthread_condattr_t cond;
	pthread_barrierattr_t barrier;
	pthread_rwlockattr_t rwlock;

	shared = share(sizeof(*shared));
	pthread_mutexattr_init(&mutex);
	pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setprotocol(&mutex, protocol);
	pthread_mutex_init(&shared->mutex, &mutex);
	pthread_mutex_init(&shared->other, &mutex);
	pthread_condattr_init(&cond);
	pthread_condattr_setpshared(&cond, PTHREAD_PROCESS_SHARED);
	pthread_cond_init(&shared->cond, &cond);
	pthread_barrierattr_init(&barrier);
	pthread_barrierattr_setpshared(&barrier, PTHREAD_PROCESS_SHARED);
	pthread_barrier_init(&shared->barrier, &barrier, 2);
	pthread_rwlockattr_init(&rwlock);
	pthread_rwlockattr_setpshared(&rwlock, PTHREAD_PROCESS_SHARED);
	pthread_rwlock_init(&shared->rwlock, &rwlock);
	sem_init(&shared->sem, 1, 0);
}

static void make_plain(void)
{
	make_shared(PTHREAD_PRIO_NONE);
}

static void make_inheriting(void)
{
	make_shared(PTHREAD_PRIO_INHERIT);
}

static void lock_mutex(void)
{
	pthread_mutex_lock(&shared->mutex);
}

/* Crosswise: who comes last is told so by the kernel, and waits as well. */
static void lock_both(void)
{
	pthread_mutex_lock(&shared->other);
	pthread_mutex_lock(&shared->mutex);
}

static void unlock_mutex(void)
{
	pthread_mutex_unlock(&shared->mutex);
}

static void wait_cond(void)
{
	lock_mutex();
	while (!shared->ready)
		pthread_cond_wait(&shared->cond, &shared->mutex);
	unlock_mutex();
}

static void signal_cond(void)
{
	lock_mutex();
	shared->ready = 1;
	pthread_cond_signal(&shared->cond);
	unlock_mutex();
}

static void meet(void)
{
	pthread_barrier_wait(&shared->barrier);
}

static void read_lock(void)
{
	pthread_rwlock_rdlock(&shared->rwlock);
}

static void write_lock(void)
{
	pthread_rwlock_wrlock(&shared->rwlock);
}

static void unlock_rwlock(void)
{
	pthread_rwlock_unlock(&shared->rwlock);
}

static void wait_sem(void)
{
	sem_wait(&shared->sem);
}

static void post_sem(void)
{
	sem_post(&shared->sem);
}

static void make_sysv_sem(void)
{
	id = semget(IPC_PRIVATE, 1, 0600);
}

static void take_sysv_sem(void)
{
	struct sembuf take = {0, -1, 0};

	semop(id, &take, 1);
}

static void give_sysv_sem(void)
{
	struct sembuf give = {0, 1, 0};

	semop(id, &give, 1);
}

static struct {
	long type;
	char text[4096];
} message = {.type = 1};

static void make_sysv_queue(void)
{
	id = msgget(IPC_PRIVATE, 0600);
}

static void fill_sysv_queue(void)
{
	make_sysv_queue();
	while (msgsnd(id, &message, sizeof(message.text), IPC_NOWAIT) == 0)
		;
}

static void receive_sysv(void)
{
	msgrcv(id, &message, sizeof(message.text), 0, 0);
}

static void send_sysv(void)
{
	msgsnd(id, &message, sizeof(message.text), 0);
}

static void make_queue(void)
{
	struct mq_attr attr = {.mq_maxmsg = 1, .mq_msgsize = 8};

	fd = mq_open("/queue", O_RDWR | O_CREAT, 0600, &attr);
}

static void send_message(void)
{
	mq_send(fd, "x", 1, 0);
}

static void fill_queue(void)
{
	make_queue();
	send_message();
}

static void receive_message(void)
{
	mq_receive(fd, bytes, 8, NULL);
}

static void block_signal(void)
{
	sigset_t mask;

	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR1);
	sigprocmask(SIG_BLOCK, &mask, NULL);
}

static void wait_signal(void)
{
	sigset_t mask;
	int sig;

	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR1);
	sigwait(&mask, &sig);
}

static void on_signal(int sig)
{
	(void)sig;
}

static void suspend(void)
{
	sigset_t none;

	sigemptyset(&none);
	handle(SIGUSR1, on_signal, 0);
	sigsuspend(&none);
}

static void send_signal(void)
{
	kill(getppid(), SIGUSR1);
}

static void *end_late(void *unused)
{
	take_long();
	return unused;
}

static void make_thread(void)
{
	pthread_create(&thread, NULL, end_late, NULL);
}

static void join_thread(void)
{
	pthread_join(thread, NULL);
}

static void make_sockets(void)
{
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
		_exit(1);
}

static void make_full_socket(void)
{
	make_sockets();
	while (send(ends[1], bytes, sizeof(bytes), MSG_DONTWAIT) > 0)
		;
}

static void drain_socket(void)
{
	for (int i = 0; i < 3; i++)
		recv(ends[0], bytes, sizeof(bytes), 0);
}

static struct sockaddr_un address(void)
{
	struct sockaddr_un name = {AF_UNIX, "socket"};

	return name;
}

static void make_listener(void)
{
	struct sockaddr_un name = address();

	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	bind(fd, (struct sockaddr *)&name, sizeof(name));
	listen(fd, 0);
}

static void connect_to_it(void)
{
	struct sockaddr_un name = address();
	int client = socket(AF_UNIX, SOCK_STREAM, 0);

	connect(client, (struct sockaddr *)&name, sizeof(name));
}

static void make_busy_listener(void)
{
	make_listener();
	connect_to_it();
}

static void accept_one(void)
{
	accept(fd, NULL, NULL);
}

static void make_eventfd(void)
{
	fd = eventfd(0, 0);
}

static void read_event(void)
{
	eventfd_t value;

	eventfd_read(fd, &value);
}

static void write_event(void)
{
	eventfd_write(fd, 1);
}

static void poll_pipe(void)
{
	struct pollfd in = {ends[0], POLLIN, 0};

	poll(&in, 1, -1);
}

static void make_epoll(void)
{
	struct epoll_event event = {.events = EPOLLIN};

	make_pipe();
	fd = epoll_create1(0);
	epoll_ctl(fd, EPOLL_CTL_ADD, ends[0], &event);
}

static void wait_epoll(void)
{
	struct epoll_event event;

	epoll_wait(fd, &event, 1, -1);
}

static void stop_itself(void)
{
	if (!slow)
		raise(SIGSTOP);
}

static const struct {
	const char *name;
	void (*make)(void);    /* before the fork */
	void (*hold)(void);    /* by the child, before anything is waited for */
	void (*wait)(void);    /* by the parent */
	void (*release)(void); /* by the child, at last */
} classes[] = {
	{"pipe", make_pipe, nothing, read_pipe, write_pipe},
	{"full-pipe", make_full_pipe, nothing, write_pipe, read_pipe},
	{"fifo-reader", make_fifo, nothing, open_to_read, open_to_write},
	{"fifo-writer", make_fifo, nothing, open_to_write, open_to_read},
	{"flock", nothing, lock_file, lock_file, unlock_file},
	{"record-lock", nothing, lock_by_fcntl, lock_by_fcntl,
		unlock_by_fcntl},
	{"description-lock", nothing, lock_description, lock_description,
		unlock_description},
	{"wait", nothing, nothing, wait_child, nothing},
	{"stopped", nothing, stop_itself, wait_child, nothing},
	{"mutex", make_plain, lock_mutex, lock_mutex, unlock_mutex},
	{"inheriting-mutex", make_inheriting, lock_mutex, lock_mutex,
		unlock_mutex},
	{"circle", make_inheriting, lock_mutex, lock_both, unlock_mutex},
	{"read-lock", make_plain, write_lock, read_lock, unlock_rwlock},
	{"condition", make_plain, nothing, wait_cond, signal_cond},
	{"barrier", make_plain, nothing, meet, meet},
	{"semaphore", make_plain, nothing, wait_sem, post_sem},
	{"sysv-semaphore", make_sysv_sem, nothing, take_sysv_sem,
		give_sysv_sem},
	{"sysv-receive", make_sysv_queue, nothing, receive_sysv, send_sysv},
	{"sysv-send", fill_sysv_queue, nothing, send_sysv, receive_sysv},
	{"receive", make_queue, nothing, receive_message, send_message},
	{"send", fill_queue, nothing, send_message, receive_message},
	{"sigwait", block_signal, nothing, wait_signal, send_signal},
	{"sigsuspend", block_signal, nothing, suspend, send_signal},
	{"join", make_thread, nothing, join_thread, nothing},
	{"socket", make_sockets, nothing, read_pipe, write_pipe},
	{"full-socket", make_full_socket, nothing, write_pipe, drain_socket},
	{"accept", make_listener, nothing, accept_one, connect_to_it},
	{"connect", make_busy_listener, nothing, connect_to_it, accept_one},
	{"eventfd", make_eventfd, nothing, read_event, write_event},
	{"poll", make_pipe, nothing, poll_pipe, write_pipe},
	{"epoll", make_epoll, nothing, wait_epoll, write_pipe},
};

static void run(size_t i)
{
	int held[2];
	char byte;

	circle = classes[i].wait == lock_both;
	classes[i].make();
	if (pipe(held) < 0)
		_exit(1);
	if (fork() == 0) {
		/* a stop comes after it has said that it is there */
		if (classes[i].hold != stop_itself)
			classes[i].hold();
		if (write(held[1], "x", 1) != 1)
			_exit(1);
		if (classes[i].hold == stop_itself)
			stop_itself();
		take_long();
		classes[i].release();
		_exit(0);
	}
	if (read(held[0], &byte, 1) != 1)
		_exit(1);
	classes[i].wait();
	_exit(0);
}

int main(int argc, char *argv[])
{
	slow = argc == 3 && strcmp(argv[2], "slow") == 0;
	for (size_t i = 0; argc == 3 && i < COUNT(classes); i++)
		if (strcmp(argv[1], classes[i].name) == 0)
			run(i);
	return 2;
}
