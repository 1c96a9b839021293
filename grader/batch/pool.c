/*
 * How it works: a socket pair a worker, on which a message is a packet: a
 * number to it, and from it a mark and what it tells, or only the mark that it
 * is done.  A worker that died is noticed by the end of its socket, behind all
 * that it told.
 */
#include "grader/batch/pool.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"

struct worker {
	pid_t pid; /* 0: not started */
	int fd;
	size_t task;
	bool busy;
	int64_t deadline_ms; /* of its next message, while busy */
};

struct pool {
	const struct pool_job *job;
	struct worker *workers;
	struct pollfd *waits;
	size_t size, next, count;
	sigset_t unblocked; /* while waiting */
	char *message;
};

enum { MARK_TOLD = 't', MARK_DONE = 'd', MARK_ALIVE = 'a' };

/* Who is woken so much later than asked was not running, nor was anybody. */
#define ASLEEP_MS 5000

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int send_marked(int fd, char mark, const void *data, size_t length)
{
	struct iovec parts[] = {{&mark, 1}, {(void *)(uintptr_t)data, length}};
	const struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};

	return sendmsg(fd, &message, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

int pool_tell(const struct pool_line *line, const void *data, size_t length)
{
	if (length > POOL_MESSAGE_MAX)
		return -EMSGSIZE;
	return send_marked(line->fd, MARK_TOLD, data, length);
}

void pool_live(const struct pool_line *line)
{
	const char mark = MARK_ALIVE;

	send(line->fd, &mark, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* The INDEXth of the processors that we may use. */
static void bind_to_processor(size_t index)
{
	cpu_set_t all, one;
	int seen = 0, wanted;

	if (sched_getaffinity(0, sizeof(all), &all) < 0)
		return;
	wanted = (int)(index % (size_t)CPU_COUNT(&all));
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &all) || seen++ < wanted)
			continue;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		sched_setaffinity(0, sizeof(one), &one);
		return;
	}
}

static void work_for_ever(const struct pool_job *job, int fd)
{
	const struct pool_line line = {fd};
	size_t task;

	while (recv(fd, &task, sizeof(task), 0) == sizeof(task)) {
		job->work(job->worker_context, task, &line);
		if (send_marked(fd, MARK_DONE, "", 0))
			break;
	}
}

static void be_worker(
	const struct pool *pool, size_t index, int fd, pid_t parent)
{
	/* an interrupt of the terminal is the caller's to handle */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
	sigprocmask(SIG_SETMASK, &pool->unblocked, NULL);
	for (size_t i = 0; i < pool->size; i++)
		if (pool->workers[i].pid)
			close(pool->workers[i].fd);
	bind_to_processor(pool->job->first_processor + index);
	work_for_ever(pool->job, fd);
	_exit(0);
}

static int start(struct pool *pool, size_t index, struct err *err)
{
	struct worker *worker = &pool->workers[index];
	const pid_t parent = getpid();
	int pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return err_errno(err, -errno, "cannot start a worker");
	pid = fork();
	if (pid == 0) {
		close(pair[0]);
		be_worker(pool, index, pair[1], parent);
	}
	close(pair[1]);
	if (pid < 0) {
		int r = err_errno(err, -errno, "cannot start a worker");

		close(pair[0]);
		return r;
	}
	*worker = (struct worker){.pid = pid, .fd = pair[0]};
	pool->waits[index].fd = pair[0];
	return 0;
}

/* Closes the line and waits for its end; the status of waitpid(2). */
static int reap(struct pool *pool, size_t index)
{
	struct worker *worker = &pool->workers[index];
	int status = 0;

	close(worker->fd);
	while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR)
		;
	*worker = (struct worker){0};
	pool->waits[index].fd = -1;
	return status;
}

static void begin_time(struct pool *pool, struct worker *worker)
{
	worker->deadline_ms = now_ms() + pool->job->patience_ms;
}

/* Gives the next task, if there is one, to a worker that is there. */
static int assign(struct pool *pool, size_t index, struct err *err)
{
	struct worker *worker = &pool->workers[index];
	int r;

	if (pool->next == pool->count)
		return 0;
	if (!worker->pid) {
		r = start(pool, index, err);
		if (r)
			return r;
	}
	worker->task = pool->next++;
	worker->busy = true;
	begin_time(pool, worker);
	/* one that died is noticed at the end of its socket */
	send(worker->fd, &worker->task, sizeof(worker->task), MSG_NOSIGNAL);
	return 0;
}

static int lose(struct pool *pool, size_t index, struct err *err)
{
	const struct worker lost = pool->workers[index];
	int status = reap(pool, index), r = 0;

	if (lost.busy)
		r = pool->job->died(pool->job->context, lost.task, status);
	return r ? r : assign(pool, index, err);
}

static int serve(struct pool *pool, size_t index, struct err *err)
{
	const struct pool_job *job = pool->job;
	struct worker *worker = &pool->workers[index];
	ssize_t length =
		recv(worker->fd, pool->message, POOL_MESSAGE_MAX + 1, 0);
	int r;

	if (length <= 0 || !worker->busy)
		return lose(pool, index, err);
	begin_time(pool, worker);
	if (pool->message[0] == MARK_ALIVE)
		return 0;
	if (pool->message[0] == MARK_TOLD)
		return job->hear(job->context, worker->task, pool->message + 1,
			(size_t)length - 1);
	worker->busy = false;
	r = job->done(job->context, worker->task);
	return r ? r : assign(pool, index, err);
}

/* Kills a worker that is silent for too long, even one that is stopped. */
static int end_hung(struct pool *pool, size_t index, struct err *err)
{
	const size_t task = pool->workers[index].task;
	int r;

	kill(pool->workers[index].pid, SIGKILL);
	reap(pool, index);
	r = pool->job->hung(pool->job->context, task);
	return r ? r : assign(pool, index, err);
}

/* How long until the first of the busy ones has been silent for too long. */
static struct timespec *find_patience(
	const struct pool *pool, int64_t now, struct timespec *left)
{
	int64_t first = INT64_MAX;

	for (size_t i = 0; i < pool->size; i++)
		if (pool->workers[i].busy &&
			pool->workers[i].deadline_ms < first)
			first = pool->workers[i].deadline_ms;
	if (!pool->job->patience_ms || first == INT64_MAX)
		return NULL;
	first = first > now ? first - now : 0;
	*left = (struct timespec){first / 1000, first % 1000 * 1000000};
	return left;
}

static bool is_busy(const struct pool *pool)
{
	for (size_t i = 0; i < pool->size; i++)
		if (pool->workers[i].busy)
			return true;
	return false;
}

/* Waits for a message of any worker, or for the end of patience with one. */
static int wait_for_any(struct pool *pool, struct err *err)
{
	const int64_t before = now_ms();
	struct timespec left;
	const struct timespec *timeout = find_patience(pool, before, &left);
	int64_t late;

	for (size_t i = 0; i < pool->size; i++)
		pool->waits[i].revents = 0;
	if (ppoll(pool->waits, pool->size, timeout, &pool->unblocked) < 0 &&
		errno != EINTR)
		return err_errno(err, -errno, "waiting for workers");
	if (!timeout)
		return 0;
	late = now_ms() - before - left.tv_sec * 1000 - left.tv_nsec / 1000000;
	for (size_t i = 0; i < pool->size && late > ASLEEP_MS; i++)
		begin_time(pool, &pool->workers[i]);
	return 0;
}

static int serve_all(struct pool *pool, struct err *err)
{
	const int64_t now = now_ms();
	int r = 0;

	for (size_t i = 0; i < pool->size && !r; i++) {
		const struct worker *worker = &pool->workers[i];

		if (worker->pid && pool->waits[i].revents)
			r = serve(pool, i, err);
		else if (worker->busy && pool->job->patience_ms &&
			 worker->deadline_ms <= now)
			r = end_hung(pool, i, err);
	}
	return r;
}

static int loop(struct pool *pool, struct err *err)
{
	int r = 0;

	for (size_t i = 0; i < pool->size && !r; i++)
		r = assign(pool, i, err);
	while (!r && is_busy(pool)) {
		if (pool->job->interrupted())
			return err_set(err, -EINTR, "interrupted");
		r = wait_for_any(pool, err);
		if (!r)
			r = serve_all(pool, err);
	}
	return r;
}

/* Those at work are killed: what they have told counts. */
static void end_all(struct pool *pool)
{
	for (size_t i = 0; i < pool->size; i++) {
		if (!pool->workers[i].pid)
			continue;
		if (pool->workers[i].busy)
			kill(pool->workers[i].pid, SIGKILL);
		reap(pool, i);
	}
}

int pool_run(const struct pool_job *job, size_t count, size_t workers,
	struct err *err)
{
	struct pool pool = {.job = job,
		.size = workers < count ? workers : count,
		.count = count};
	sigset_t blocked;
	int r;

	pool.workers = xcalloc(pool.size + 1, sizeof(*pool.workers));
	pool.waits = xcalloc(pool.size + 1, sizeof(*pool.waits));
	pool.message = xmalloc(POOL_MESSAGE_MAX + 1);
	for (size_t i = 0; i < pool.size; i++)
		pool.waits[i] = (struct pollfd){-1, POLLIN, 0};
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGINT);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGHUP);
	sigprocmask(SIG_BLOCK, &blocked, &pool.unblocked);
	r = loop(&pool, err);
	end_all(&pool);
	sigprocmask(SIG_SETMASK, &pool.unblocked, NULL);
	free(pool.workers);
	free(pool.waits);
	free(pool.message);
	return r;
}
