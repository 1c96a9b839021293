/*
 * Calls that the engine makes fail, or cuts short, on purpose: one case a
 * kind of fault, for tests/unit/test_faults.c.  Not compared with a native
 * run, where nothing of the sort happens.
 */
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "tracee.h"

static void on_signal(int signal)
{
	(void)signal;
}

static void finish(const char *what, long result)
{
	printf("%s: ", what);
	if (result < 0)
		printf("%s\n", strerrorname_np(errno));
	else
		printf("%ld\n", result);
	fflush(stdout);
}

static void hold_lock(int fd)
{
	flock(fd, LOCK_EX);
	nap(5);
}

static int sleeping_child_lock(void)
{
	int mine = open("lock", O_RDWR | O_CREAT, 0600);
	int other = open("lock", O_RDWR);

	start(hold_lock, other);
	close(other);
	nap(1);
	return mine;
}

static void lock_wait(void)
{
	int fd = sleeping_child_lock();

	finish("flock", flock(fd, LOCK_EX));
	finish("again", flock(fd, LOCK_EX));
	reap_all();
	unlink("lock");
}

/* Calls that wait, each twice: the first may fail, the second does not. */
static void interrupted(void)
{
	sem_t *sem = share(sizeof(*sem));
	struct timespec wish = {0, 300000000}, left = {0, 0};
	pid_t child;
	int fds[2], status;
	char c;

	sem_init(sem, 1, 0);
	handle(SIGUSR1, on_signal, 0);
	child = start(nap, 3);
	finish("wait", waitpid(child, &status, 0) < 0 ? -1 : 0);
	finish("wait", waitpid(child, &status, 0) < 0 ? -1 : 0);
	finish("sleep", nanosleep(&wish, &left));
	finish("left", left.tv_nsec / 100000000);
	finish("sleep", nanosleep(&wish, NULL));
	finish("semaphore", sem_timedwait(sem, &(struct timespec){1, 0}));
	if (pipe(fds) != 0)
		_exit(1);
	if (fork() == 0) {
		nap(2);
		_exit(write(fds[1], "x", 1) != 1);
	}
	finish("read", read(fds[0], &c, 1));
	finish("read", read(fds[0], &c, 1));
	finish("poll", poll(&(struct pollfd){fds[0], POLLIN, 0}, 1, 100));
	finish("poll", poll(&(struct pollfd){fds[0], POLLIN, 0}, 1, 100));
	reap_all();
}

/* SA_RESTART: only what is never restarted fails. */
static void restarted(void)
{
	int fds[2];
	char c;

	handle(SIGUSR1, on_signal, SA_RESTART);
	if (pipe(fds) != 0)
		_exit(1);
	if (fork() == 0) {
		nap(2);
		_exit(write(fds[1], "x", 1) != 1);
	}
	finish("read", read(fds[0], &c, 1));
	finish("poll", poll(&(struct pollfd){fds[0], POLLIN, 0}, 1, 100));
	reap_all();
}

/* The only handler is of a signal that is blocked. */
static void blocked(void)
{
	sigset_t set;

	handle(SIGUSR1, on_signal, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	lock_wait();
}

static void handled_lock_wait(void)
{
	handle(SIGUSR1, on_signal, 0);
	lock_wait();
}

static void file_transfers(void)
{
	int fd = open("file", O_RDWR | O_CREAT, 0600);
	char data[20];
	struct iovec parts[2] = {{data, 6}, {data + 6, 14}};

	finish("write", write(fd, "0123456789", 10));
	finish("write", write(fd, "0123456789", 10));
	finish("one byte", write(fd, "x", 1));
	finish("writev", writev(fd, parts, 2));
	lseek(fd, 0, SEEK_SET);
	finish("read", read(fd, data, 20));
	finish("pread", pread(fd, data, 20, 0));
	lseek(fd, 0, SEEK_SET);
	finish("readv", readv(fd, parts, 2));
	lseek(fd, 0, SEEK_END);
	finish("end", read(fd, data, 20));
	unlink("file");
}

static void channel_transfers(void)
{
	static char data[PIPE_BUF + 100];
	int fds[2];

	if (pipe(fds) != 0)
		_exit(1);
	finish("small", write(fds[1], data, 100));
	finish("read", read(fds[0], data, 100));
	finish("large", write(fds[1], data, sizeof(data)));
	finish("read", read(fds[0], data, sizeof(data)));
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0)
		_exit(1);
	finish("stream", write(fds[1], data, 100));
	finish("read", read(fds[0], data, 100));
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds) != 0)
		_exit(1);
	finish("packet", write(fds[1], data, 100));
	finish("read", read(fds[0], data, 100));
}

static void *nothing(void *unused)
{
	return unused;
}

static void forks(void)
{
	pthread_t thread;

	for (int i = 0; i < 3; i++) {
		pid_t child = fork();

		if (child == 0)
			_exit(0);
		finish("fork", child < 0 ? -1 : 0);
	}
	errno = pthread_create(&thread, NULL, nothing, NULL);
	finish("thread", errno ? -1 : 0);
	if (!errno)
		pthread_join(thread, NULL);
	reap_all();
}

static void fills(void)
{
	int one = open("one", O_RDWR | O_CREAT, 0600);
	int two = open("two", O_RDWR | O_CREAT, 0600);
	int fds[2];

	finish("one", write(one, "x", 1));
	finish("two", write(two, "x", 1));
	finish("one", pwrite(one, "x", 1, 0));
	finish("two", write(two, "x", 1));
	finish("space", fallocate(one, 0, 0, 100));
	finish("read", pread(one, (char[1]){0}, 1, 0));
	if (pipe(fds) != 0)
		_exit(1);
	finish("pipe", write(fds[1], "x", 1));
	unlink("one");
	unlink("two");
}

/* Reads the file twice under the lock; the second time it is its holder. */
static void *look_twice(void *argument)
{
	int fd = open("db", O_RDONLY);
	char c;

	(void)argument;
	finish("search", pread(fd, &c, 1, 0));
	flock(fd, LOCK_EX);
	finish("hold", pread(fd, &c, 1, 0));
	flock(fd, LOCK_UN);
	close(fd);
	return NULL;
}

static void look_in_thread(int unused)
{
	pthread_t thread;

	(void)unused;
	pthread_create(&thread, NULL, look_twice, NULL);
	pthread_join(thread, NULL);
	finish("lives on", 0);
}

static void holders(void)
{
	int fd = open("db", O_RDWR | O_CREAT, 0600);
	int status;

	if (write(fd, "3", 1) != 1)
		_exit(1);
	for (int i = 0; i < 2; i++) {
		status = reap(start(look_in_thread, 0));
		finish("signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
	}
	unlink("db");
}

/* A child that lives on when main is killed: it says how far main came. */
static void steps(void)
{
	finish("one", 1);
	start(nap, 20);
	finish("two", 2);
	nap(10);
	finish("three", 3);
}

/* The end of main closes the pipe, and SIGIO ends the child in its sleep. */
static void sigio_at_end(void)
{
	int ends[2];
	pid_t child;

	if (pipe(ends) != 0)
		_exit(1);
	child = fork();
	if (child == 0) {
		close(ends[1]);
		fcntl(ends[0], F_SETOWN, getpid());
		fcntl(ends[0], F_SETFL, O_ASYNC);
		nap(20);
		finish("outlived main", 0);
		_exit(0);
	}
	nap(10);
	waitpid(child, NULL, WNOHANG);
	_exit(0);
}

static const struct tracee_case cases[] = {
	{"interrupted", interrupted},
	{"restarted", restarted},
	{"unhandled", lock_wait},
	{"blocked", blocked},
	{"lock", handled_lock_wait},
	{"file", file_transfers},
	{"channel", channel_transfers},
	{"forks", forks},
	{"fills", fills},
	{"holders", holders},
	{"steps", steps},
	{"sigio", sigio_at_end},
};

int main(int argc, char *argv[])
{
	for (size_t i = 0; argc == 2 && i < COUNT(cases); i++) {
		if (strcmp(argv[1], cases[i].name) == 0) {
			cases[i].run();
			return 0;
		}
	}
	return 2;
}
