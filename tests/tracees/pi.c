/* Mutexes with priority inheritance: of threads, of processes, robust ones. */
#include <linux/futex.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/syscall.h>

#include "tracee.h"

struct shared {
	pthread_mutex_t mutex, other;
	pthread_cond_t cond;
	uint32_t word;
	int count, ready;
};

static struct shared *shared;

static void make_mutex(pthread_mutex_t *mutex, int type, int robust)
{
	pthread_mutexattr_t attr;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setprotocol(&attr, PTHREAD_PRIO_INHERIT);
	pthread_mutexattr_settype(&attr, type);
	pthread_mutexattr_setrobust(&attr, robust);
	pthread_mutex_init(mutex, &attr);
}

static void make(int type, int robust)
{
	pthread_condattr_t attr;

	shared = share(sizeof(*shared));
	make_mutex(&shared->mutex, type, robust);
	make_mutex(&shared->other, type, robust);
	pthread_condattr_init(&attr);
	pthread_condattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_cond_init(&shared->cond, &attr);
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
	show_error("lock", pthread_mutex_lock(&shared->mutex));
	show_error("try own", pthread_mutex_trylock(&shared->mutex));
	show_error("unlock", pthread_mutex_unlock(&shared->mutex));
	start(hold, 4);
	nap(1);
	show_error("try", pthread_mutex_trylock(&shared->mutex));
	time = in_tenths(CLOCK_REALTIME, 1);
	show_error("timed", pthread_mutex_timedlock(&shared->mutex, &time));
	time = in_tenths(CLOCK_MONOTONIC, 1);
	show_error("by another clock", pthread_mutex_clocklock(&shared->mutex,
					       CLOCK_MONOTONIC, &time));
	show_error("lock", pthread_mutex_lock(&shared->mutex));
	show_error("unlock", pthread_mutex_unlock(&shared->mutex));
	reap_all();
}

static void checking(void)
{
	make(PTHREAD_MUTEX_ERRORCHECK, PTHREAD_MUTEX_STALLED);
	show_error("unlock", pthread_mutex_unlock(&shared->mutex));
	show_error("lock", pthread_mutex_lock(&shared->mutex));
	show_error("lock again", pthread_mutex_lock(&shared->mutex));
	show_error("unlock", pthread_mutex_unlock(&shared->mutex));
	make(PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_STALLED);
	show_error("lock", pthread_mutex_lock(&shared->mutex));
	show_error("lock again", pthread_mutex_lock(&shared->mutex));
	start(hold, 0);
	nap(1);
	show_error("unlock", pthread_mutex_unlock(&shared->mutex));
	show_error("unlock", pthread_mutex_unlock(&shared->mutex));
	reap_all();
}

static void in_turn(int tenths)
{
	nap(tenths);
	pthread_mutex_lock(&shared->mutex);
	say("waiter %d is in", tenths);
	nap(1);
	pthread_mutex_unlock(&shared->mutex);
}

static void in_order(void)
{
	make(PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_STALLED);
	pthread_mutex_lock(&shared->mutex);
	for (int i = 1; i <= 3; i++)
		start(in_turn, i);
	nap(4);
	pthread_mutex_unlock(&shared->mutex);
	reap_all();
	show_error("free", pthread_mutex_trylock(&shared->mutex));
}

static void add(int unused)
{
	(void)unused;
	for (int i = 0; i < 30; i++) {
		int count;

		pthread_mutex_lock(&shared->mutex);
		count = shared->count;
		if (i % 15 == 0)
			usleep(1000);
		shared->count = count + 1;
		pthread_mutex_unlock(&shared->mutex);
	}
}

static void *add_in_thread(void *unused)
{
	(void)unused;
	add(0);
	return NULL;
}

static void counter(void)
{
	pthread_t threads[4];

	make(PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_STALLED);
	for (int i = 0; i < 3; i++)
		start(add, 0);
	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, add_in_thread, NULL);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
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

	make(PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_STALLED);
	for (int i = 0; i < 3; i++)
		start(wait_for_ready, 0);
	nap(1);
	pthread_mutex_lock(&shared->mutex);
	shared->ready = 3;
	show_error("broadcast", pthread_cond_broadcast(&shared->cond));
	pthread_mutex_unlock(&shared->mutex);
	reap_all();
	say("through %d", shared->count);
	pthread_mutex_lock(&shared->mutex);
	time = in_tenths(CLOCK_REALTIME, 2);
	show_error("timed",
		pthread_cond_timedwait(&shared->cond, &shared->mutex, &time));
	show_error("unlock", pthread_mutex_unlock(&shared->mutex));
}

static void die_holding(int tenths)
{
	pthread_mutex_lock(&shared->mutex);
	nap(tenths);
	kill(getpid(), SIGKILL);
}

static void wait_for_dead(int tenths)
{
	nap(tenths);
	show_error("second", pthread_mutex_lock(&shared->mutex));
	show_error("unlock", pthread_mutex_unlock(&shared->mutex));
}

static void robust(void)
{
	make(PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_ROBUST);
	start(die_holding, 3);
	nap(1);
	start(wait_for_dead, 1);
	show_error("lock", pthread_mutex_lock(&shared->mutex));
	show_error("consistent", pthread_mutex_consistent(&shared->mutex));
	nap(1);
	show_error("unlock", pthread_mutex_unlock(&shared->mutex));
	nap(1);
	show_error("lock", pthread_mutex_lock(&shared->mutex));
	show_error("unlock", pthread_mutex_unlock(&shared->mutex));
	show_status("holder", reap(start(die_holding, 0)));
	show_error("try", pthread_mutex_trylock(&shared->mutex));
	show_error(
		"unlock, not repaired", pthread_mutex_unlock(&shared->mutex));
	show_error("lock", pthread_mutex_lock(&shared->mutex));
	reap_all();
}

static void *end_holding(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&shared->mutex);
	return NULL;
}

static void of_a_thread(void)
{
	pthread_t thread;

	make(PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_ROBUST);
	pthread_create(&thread, NULL, end_holding, NULL);
	pthread_join(thread, NULL);
	show_error("lock", pthread_mutex_lock(&shared->mutex));
	show_error("consistent", pthread_mutex_consistent(&shared->mutex));
	show_error("unlock", pthread_mutex_unlock(&shared->mutex));
}

static long futex(int operation, uint32_t value, const void *time)
{
	return syscall(SYS_futex, &shared->word, operation, value, time, NULL,
		0);
}

static void show_word(void)
{
	say("  own %d, waiters %d, died %d",
		(pid_t)(shared->word & FUTEX_TID_MASK) == gettid(),
		(shared->word & FUTEX_WAITERS) != 0,
		(shared->word & FUTEX_OWNER_DIED) != 0);
}

static void hold_word(int tenths)
{
	futex(FUTEX_LOCK_PI, 0, NULL);
	nap(tenths);
	futex(FUTEX_UNLOCK_PI, 0, NULL);
}

static void die_with_word(int tenths)
{
	shared->word = gettid();
	nap(tenths);
}

static void leave_word(int unused)
{
	(void)unused;
	shared->word = gettid();
}

static void calls(void)
{
	struct timespec time;

	make(PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_STALLED);
	show("unlock nobody's", futex(FUTEX_UNLOCK_PI, 0, NULL));
	show("lock", futex(FUTEX_LOCK_PI, 0, NULL));
	show_word();
	show("lock again", futex(FUTEX_LOCK_PI, 0, NULL));
	show("try again", futex(FUTEX_TRYLOCK_PI, 0, NULL));
	show("unlock", futex(FUTEX_UNLOCK_PI, 0, NULL));
	show_word();
	show("try", futex(FUTEX_TRYLOCK_PI, 0, NULL));
	show("unlock", futex(FUTEX_UNLOCK_PI, 0, NULL));
	start(hold_word, 3);
	nap(1);
	show("try", futex(FUTEX_TRYLOCK_PI, 0, NULL));
	show("unlock another's", futex(FUTEX_UNLOCK_PI, 0, NULL));
	time = in_tenths(CLOCK_REALTIME, 1);
	show("timed", futex(FUTEX_LOCK_PI, 0, &time));
	show("lock", futex(FUTEX_LOCK_PI, 0, NULL));
	show_word();
	show("unlock", futex(FUTEX_UNLOCK_PI, 0, NULL));
	reap_all();
	reap(start(leave_word, 0));
	show("a dead one's", futex(FUTEX_LOCK_PI, 0, NULL));
	shared->word = 0;
	start(die_with_word, 2);
	nap(1);
	show("of one that dies", futex(FUTEX_LOCK_PI, 0, NULL));
	show_word();
	reap_all();
}

/* Both have one and ask for the other's: the kernel finds the circle. */
static uint32_t *pair;

static long lock_word(int which)
{
	return syscall(SYS_futex, &pair[which], FUTEX_LOCK_PI, 0, NULL, NULL,
		0);
}

static void cross(int unused)
{
	(void)unused;
	lock_word(1);
	nap(1);
	show("child", lock_word(0));
	syscall(SYS_futex, &pair[0], FUTEX_UNLOCK_PI, 0, NULL, NULL, 0);
}

static void circle(void)
{
	pair = share(4096);
	show("first", lock_word(0));
	start(cross, 0);
	nap(2);
	show("second", lock_word(1));
	nap(1);
	show("unlock",
		syscall(SYS_futex, &pair[0], FUTEX_UNLOCK_PI, 0, NULL, NULL, 0));
	reap_all();
}

static void on_signal(int sig)
{
	say("handler %s", sigabbrev_np(sig));
}

static void signal_at(int tenths)
{
	nap(tenths);
	kill(getppid(), SIGUSR1);
}

/* A handler runs and the lock is waited for again, whatever its flags. */
static void interrupted(void)
{
	make(PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_STALLED);
	handle(SIGUSR1, on_signal, 0);
	start(hold, 3);
	nap(1);
	start(signal_at, 1);
	show_error("lock", pthread_mutex_lock(&shared->mutex));
	reap_all();
}

static const struct tracee_case cases[] = {
	{"normal", normal},
	{"checking", checking},
	{"in order", in_order},
	{"counter", counter},
	{"condition", condition},
	{"robust", robust},
	{"of a thread", of_a_thread},
	{"calls", calls},
	{"circle", circle},
	{"interrupted", interrupted},
};

TRACEE_MAIN(cases)
