/*
 * Process-shared mutexes of every type, condition variables, read-write
 * locks, barriers and spin locks.
 */
#include <pthread.h>

#include "tracee.h"

struct shared {
	pthread_mutex_t mutex;
	pthread_cond_t cond;
	pthread_rwlock_t rwlock;
	pthread_barrier_t barrier;
	pthread_spinlock_t spin;
	int count, ready;
};

static struct shared *shared;

static void make(int type, int robust)
{
	pthread_mutexattr_t mutex;
	pthread_condattr_t cond;

	shared = share(sizeof(*shared));
	pthread_mutexattr_init(&mutex);
	pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_settype(&mutex, type);
	pthread_mutexattr_setrobust(&mutex, robust);
	pthread_mutex_init(&shared->mutex, &mutex);
	pthread_condattr_init(&cond);
	pthread_condattr_setpshared(&cond, PTHREAD_PROCESS_SHARED);
	pthread_condattr_setclock(&cond, CLOCK_MONOTONIC);
	pthread_cond_init(&shared->cond, &cond);
}

static void hold(int tenths)
{
	pthread_mutex_lock(&shared->mutex);
	nap(tenths);
	say("holder lets go");
	pthread_mutex_unlock(&shared->mutex);
}

static void normal(void)
{
	struct timespec time;

	make(PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_STALLED);
	start(hold, 3);
	nap(1);
	show_error("try", pthread_mutex_trylock(&shared->mutex));
	time = in_tenths(CLOCK_REALTIME, 1);
	show_error("timed", pthread_mutex_timedlock(&shared->mutex, &time));
	show_error("lock", pthread_mutex_lock(&shared->mutex));
	show_error("unlock", pthread_mutex_unlock(&shared->mutex));
	reap_all();
}

static void error_checking(void)
{
	make(PTHREAD_MUTEX_ERRORCHECK, PTHREAD_MUTEX_STALLED);
	show_error("unlock", pthread_mutex_unlock(&shared->mutex));
	show_error("lock", pthread_mutex_lock(&shared->mutex));
	show_error("lock again", pthread_mutex_lock(&shared->mutex));
	show_error("unlock", pthread_mutex_unlock(&shared->mutex));
}

static void recursive(void)
{
	make(PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_STALLED);
	show_error("lock", pthread_mutex_lock(&shared->mutex));
	show_error("lock again", pthread_mutex_lock(&shared->mutex));
	show_error("unlock", pthread_mutex_unlock(&shared->mutex));
	show_error("unlock", pthread_mutex_unlock(&shared->mutex));
	show_error("too many", pthread_mutex_unlock(&shared->mutex));
}

static void die_holding(int tenths)
{
	pthread_mutex_lock(&shared->mutex);
	nap(tenths);
	kill(getpid(), SIGKILL);
}

static void robust(void)
{
	pid_t pid;

	make(PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_ROBUST);
	start(die_holding, 2);
	nap(1);
	show_error("lock", pthread_mutex_lock(&shared->mutex));
	show_error("consistent", pthread_mutex_consistent(&shared->mutex));
	show_error("unlock", pthread_mutex_unlock(&shared->mutex));
	show_error("lock", pthread_mutex_lock(&shared->mutex));
	show_error("unlock", pthread_mutex_unlock(&shared->mutex));
	pid = start(die_holding, 0);
	show_status("holder", reap(pid));
	show_error("lock", pthread_mutex_lock(&shared->mutex));
	show_error(
		"unlock, not repaired", pthread_mutex_unlock(&shared->mutex));
	show_error("lock", pthread_mutex_lock(&shared->mutex));
	reap_all();
}

static void add(int unused)
{
	(void)unused;
	for (int i = 0; i < 30; i++) {
		pthread_mutex_lock(&shared->mutex);
		int count = shared->count;
		if (i % 15 == 0)
			usleep(1000);
		shared->count = count + 1;
		pthread_mutex_unlock(&shared->mutex);
	}
}

static void counter(void)
{
	make(PTHREAD_MUTEX_DEFAULT, PTHREAD_MUTEX_STALLED);
	for (int i = 0; i < 5; i++)
		start(add, 0);
	reap_all();
	say("count %d", shared->count);
}

static void wait_for_ready(int unused)
{
	(void)unused;
	pthread_mutex_lock(&shared->mutex);
	while (shared->ready == 0)
		pthread_cond_wait(&shared->cond, &shared->mutex);
	shared->ready--;
	shared->count++;
	pthread_mutex_unlock(&shared->mutex);
}

static void condition(void)
{
	struct timespec time;

	make(PTHREAD_MUTEX_DEFAULT, PTHREAD_MUTEX_STALLED);
	for (int i = 0; i < 4; i++)
		start(wait_for_ready, 0);
	nap(1);
	pthread_mutex_lock(&shared->mutex);
	shared->ready = 1;
	show_error("signal", pthread_cond_signal(&shared->cond));
	pthread_mutex_unlock(&shared->mutex);
	nap(1);
	say("through %d", shared->count);
	pthread_mutex_lock(&shared->mutex);
	shared->ready = 3;
	show_error("broadcast", pthread_cond_broadcast(&shared->cond));
	pthread_mutex_unlock(&shared->mutex);
	reap_all();
	say("through %d", shared->count);
	pthread_mutex_lock(&shared->mutex);
	time = in_tenths(CLOCK_MONOTONIC, 2);
	show_error("timed",
		pthread_cond_timedwait(&shared->cond, &shared->mutex, &time));
	pthread_mutex_unlock(&shared->mutex);
}

static void read_lock(int tenths)
{
	pthread_rwlock_rdlock(&shared->rwlock);
	__atomic_add_fetch(&shared->count, 1, __ATOMIC_SEQ_CST);
	nap(tenths);
	pthread_rwlock_unlock(&shared->rwlock);
}

static void write_lock(int tenths)
{
	pthread_rwlock_wrlock(&shared->rwlock);
	say("writer is in");
	nap(tenths);
	say("writer leaves");
	pthread_rwlock_unlock(&shared->rwlock);
}

static void read_write(void)
{
	pthread_rwlockattr_t attr;

	shared = share(sizeof(*shared));
	pthread_rwlockattr_init(&attr);
	pthread_rwlockattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_rwlock_init(&shared->rwlock, &attr);
	start(read_lock, 2);
	start(read_lock, 2);
	nap(1);
	say("readers %d", shared->count);
	show_error("try", pthread_rwlock_trywrlock(&shared->rwlock));
	start(write_lock, 1);
	reap_all();
	start(write_lock, 2);
	nap(1);
	show_error("try", pthread_rwlock_tryrdlock(&shared->rwlock));
	show_error("read", pthread_rwlock_rdlock(&shared->rwlock));
	reap_all();
}

static void meet(int tenths)
{
	int result;

	nap(tenths);
	__atomic_add_fetch(&shared->count, 1, __ATOMIC_SEQ_CST);
	result = pthread_barrier_wait(&shared->barrier);
	if (result == PTHREAD_BARRIER_SERIAL_THREAD)
		say("all %d are there", shared->count);
}

static void barrier(void)
{
	pthread_barrierattr_t attr;

	shared = share(sizeof(*shared));
	pthread_barrierattr_init(&attr);
	pthread_barrierattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_barrier_init(&shared->barrier, &attr, 3);
	for (int i = 1; i <= 3; i++)
		start(meet, i);
	reap_all();
}

static void spin(int unused)
{
	(void)unused;
	for (int i = 0; i < 20; i++) {
		pthread_spin_lock(&shared->spin);
		shared->count++;
		pthread_spin_unlock(&shared->spin);
	}
}

static void spinning(void)
{
	shared = share(sizeof(*shared));
	pthread_spin_init(&shared->spin, PTHREAD_PROCESS_SHARED);
	for (int i = 0; i < 3; i++)
		start(spin, 0);
	reap_all();
	say("count %d", shared->count);
}

static const struct tracee_case cases[] = {
	{"normal", normal},
	{"error checking", error_checking},
	{"recursive", recursive},
	{"robust", robust},
	{"counter", counter},
	{"condition", condition},
	{"read-write", read_write},
	{"barrier", barrier},
	{"spinning", spinning},
};

TRACEE_MAIN(cases)
