/* C11 threads and atomics, and what of POSIX threads is easily forgotten. */
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdint.h>
#include <threads.h>

#include "tracee.h"

static mtx_t mutex;
static cnd_t cond;
static once_flag once = ONCE_FLAG_INIT;
static tss_t key;
static atomic_int counter;
static int ready;

static void say_once(void)
{
	say("once");
}

static int work(void *argument)
{
	call_once(&once, say_once);
	for (int i = 0; i < 50; i++)
		atomic_fetch_add_explicit(&counter, 1, memory_order_relaxed);
	mtx_lock(&mutex);
	while (!ready)
		cnd_wait(&cond, &mutex);
	ready--;
	mtx_unlock(&mutex);
	tss_set(key, argument);
	return (int)(intptr_t)argument;
}

static void destroyed(void *argument)
{
	atomic_fetch_add(&counter, (int)(intptr_t)argument);
}

static void c_threads(void)
{
	thrd_t threads[3];
	int result, sum = 0;

	mtx_init(&mutex, mtx_plain);
	cnd_init(&cond);
	tss_create(&key, destroyed);
	for (int i = 0; i < 3; i++)
		thrd_create(&threads[i], work, (void *)(intptr_t)(i + 1));
	thrd_sleep(&(struct timespec){0, 100000000}, NULL);
	say("counter %d", counter);
	mtx_lock(&mutex);
	ready = 3;
	cnd_broadcast(&cond);
	mtx_unlock(&mutex);
	for (int i = 0; i < 3; i++) {
		thrd_join(threads[i], &result);
		sum += result;
	}
	say("sum %d, counter %d", sum, counter);
}

static void c_time_outs(void)
{
	struct timespec time = in_tenths(CLOCK_REALTIME, 1);

	mtx_init(&mutex, mtx_timed | mtx_recursive);
	cnd_init(&cond);
	show("lock", mtx_lock(&mutex));
	show("again", mtx_trylock(&mutex));
	mtx_unlock(&mutex);
	show("wait", cnd_timedwait(&cond, &mutex, &time) == thrd_timedout);
	mtx_unlock(&mutex);
}

static atomic_flag flag = ATOMIC_FLAG_INIT;
static int plain;

static void *spin(void *unused)
{
	(void)unused;
	for (int i = 0; i < 20; i++) {
		while (atomic_flag_test_and_set(&flag))
			thrd_yield();
		plain++;
		atomic_flag_clear(&flag);
	}
	return NULL;
}

static void spin_lock(void)
{
	pthread_t threads[3];

	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, spin, NULL);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	say("plain %d", plain);
}

static pthread_mutex_t posix_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t posix_cond = PTHREAD_COND_INITIALIZER;
static sem_t semaphore;

static void unlock(void *unused)
{
	(void)unused;
	say("clean up");
	pthread_mutex_unlock(&posix_mutex);
}

static void *wait_for_cond(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&posix_mutex);
	pthread_cleanup_push(unlock, NULL);
	pthread_cond_wait(&posix_cond, &posix_mutex);
	pthread_cleanup_pop(1);
	return NULL;
}

static void *wait_for_sem(void *unused)
{
	(void)unused;
	sem_wait(&semaphore);
	return NULL;
}

static void *wait_for_end(void *thread)
{
	pthread_join(*(pthread_t *)thread, NULL);
	return NULL;
}

static void *hold_off(void *unused)
{
	int state;

	(void)unused;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	nap(3);
	say("not before");
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &state);
	pthread_testcancel();
	say("never");
	return NULL;
}

static void *count_for_ever(void *unused)
{
	int state;

	(void)unused;
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &state);
	for (;;)
		thrd_yield();
	return NULL;
}

static void cancel(const char *what, void *(*role)(void *), void *argument)
{
	pthread_t thread;
	void *result;

	pthread_create(&thread, NULL, role, argument);
	nap(1);
	if (pthread_cancel(thread) != 0)
		_exit(1);
	pthread_join(thread, &result);
	say("%s: cancelled %d", what, result == PTHREAD_CANCELED);
}

static void cancelled(void)
{
	pthread_t endless;
	void *result;

	sem_init(&semaphore, 0, 0);
	cancel("in a condition", wait_for_cond, NULL);
	show_error("the mutex is free", pthread_mutex_trylock(&posix_mutex));
	cancel("in a semaphore", wait_for_sem, NULL);
	pthread_create(&endless, NULL, wait_for_sem, NULL);
	cancel("in a join", wait_for_end, &endless);
	pthread_cancel(endless);
	pthread_join(endless, &result);
	cancel("held off", hold_off, NULL);
	cancel("asynchronous", count_for_ever, NULL);
}

static void *join_in_time(void *tenths)
{
	nap((int)(intptr_t)tenths);
	return tenths;
}

static void timed_joins(void)
{
	struct timespec time = in_tenths(CLOCK_REALTIME, 1);
	pthread_t thread;
	void *result;

	pthread_create(&thread, NULL, join_in_time, (void *)2);
	show_error("try", pthread_tryjoin_np(thread, NULL));
	show_error("timed", pthread_timedjoin_np(thread, NULL, &time));
	time = in_tenths(CLOCK_REALTIME, 5);
	show_error("timed", pthread_timedjoin_np(thread, &result, &time));
	say("result %d", (int)(intptr_t)result);
	show_error("itself", pthread_join(pthread_self(), NULL));
}

static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;

static void *write_later(void *unused)
{
	(void)unused;
	show_error("write", pthread_rwlock_wrlock(&rwlock));
	nap(1);
	pthread_rwlock_unlock(&rwlock);
	return NULL;
}

static void read_write(void)
{
	struct timespec time;
	pthread_t thread;

	pthread_rwlock_rdlock(&rwlock);
	show_error("read again", pthread_rwlock_tryrdlock(&rwlock));
	show_error("upgrade", pthread_rwlock_trywrlock(&rwlock));
	pthread_create(&thread, NULL, write_later, NULL);
	nap(1);
	time = in_tenths(CLOCK_REALTIME, 1);
	show_error("timed", pthread_rwlock_timedwrlock(&rwlock, &time));
	pthread_rwlock_unlock(&rwlock);
	pthread_rwlock_unlock(&rwlock);
	pthread_join(thread, NULL);
	time = in_tenths(CLOCK_MONOTONIC, 1);
	pthread_rwlock_wrlock(&rwlock);
	show_error("own", pthread_rwlock_clockrdlock(&rwlock,
				  CLOCK_MONOTONIC, &time));
}

static pthread_barrier_t barrier;

static void *meet(void *result)
{
	for (int i = 0; i < 3; i++)
		if (pthread_barrier_wait(&barrier) ==
			PTHREAD_BARRIER_SERIAL_THREAD)
			atomic_fetch_add((atomic_int *)result, 1);
	return NULL;
}

static void barriers(void)
{
	pthread_t threads[4];
	atomic_int serial = 0;

	pthread_barrier_init(&barrier, NULL, 4);
	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, meet, &serial);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	say("serial %d", serial);
	show_error("destroy", pthread_barrier_destroy(&barrier));
}

static const struct tracee_case cases[] = {
	{"C threads", c_threads},
	{"C time-outs", c_time_outs},
	{"spin lock", spin_lock},
	{"cancelled", cancelled},
	{"timed joins", timed_joins},
	{"read-write", read_write},
	{"barriers", barriers},
};

TRACEE_MAIN(cases)
