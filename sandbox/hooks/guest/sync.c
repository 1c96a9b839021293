/*
 * Locks, semaphores and the like make no system call while they are free.
 * Wrapped, they are scheduling points, and say what they have done, which
 * orders what the tasks do: see trace/happens_before.h.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <threads.h>
#include <time.h>

#include "guest.h"

static void ask(const volatile void *object, uintptr_t caller)
{
	if (is_watching())
		guest_point(object, hooks_what(HOOKS_ATTEMPT, 0), caller);
}

static void note(
	enum hooks_op op, const volatile void *object, uintptr_t caller)
{
	if (is_watching())
		guest_note(op, object, caller);
}

/* The dead owner's lock is the taker's too. */
static int acquired(int error, const volatile void *object, uintptr_t caller)
{
	if (error == 0 || error == EOWNERDEAD)
		note(HOOKS_ACQUIRED, object, caller);
	return error;
}

#define REAL(result, name, parameters)                                         \
	result __real_##name parameters;                                       \
	GUEST result __wrap_##name parameters;                                 \
	result __wrap_##name parameters

/* Takes OBJECT when it returns 0. */
#define TAKES(name, object, parameters, arguments)                             \
	REAL(int, name, parameters)                                            \
	{                                                                      \
		ask(object, CALLER);                                           \
		return acquired(__real_##name arguments, object, CALLER);      \
	}

/* Gives it back. */
#define GIVES(name, object, parameters, arguments)                             \
	REAL(int, name, parameters)                                            \
	{                                                                      \
		note(HOOKS_RELEASED, object, CALLER);                          \
		return __real_##name arguments;                                \
	}

/* Gives a mutex back, waits for a condition, takes the mutex again. */
#define WAITS(name, parameters, arguments)                                     \
	REAL(int, name, parameters)                                            \
	{                                                                      \
		int result;                                                    \
                                                                               \
		ask(condition, CALLER);                                        \
		note(HOOKS_RELEASED, mutex, CALLER);                           \
		result = __real_##name arguments;                              \
		note(HOOKS_ACQUIRED, mutex, CALLER);                           \
		return acquired(result, condition, CALLER);                    \
	}

typedef const struct timespec *time_point;

TAKES(pthread_mutex_lock, mutex, (pthread_mutex_t * mutex), (mutex))
TAKES(pthread_mutex_trylock, mutex, (pthread_mutex_t * mutex), (mutex))
TAKES(pthread_mutex_timedlock, mutex,
	(pthread_mutex_t * mutex, time_point until), (mutex, until))
TAKES(pthread_mutex_clocklock, mutex,
	(pthread_mutex_t * mutex, clockid_t clock, time_point until),
	(mutex, clock, until))
GIVES(pthread_mutex_unlock, mutex, (pthread_mutex_t * mutex), (mutex))

TAKES(pthread_rwlock_rdlock, lock, (pthread_rwlock_t * lock), (lock))
TAKES(pthread_rwlock_wrlock, lock, (pthread_rwlock_t * lock), (lock))
TAKES(pthread_rwlock_tryrdlock, lock, (pthread_rwlock_t * lock), (lock))
TAKES(pthread_rwlock_trywrlock, lock, (pthread_rwlock_t * lock), (lock))
TAKES(pthread_rwlock_timedrdlock, lock,
	(pthread_rwlock_t * lock, time_point until), (lock, until))
TAKES(pthread_rwlock_timedwrlock, lock,
	(pthread_rwlock_t * lock, time_point until), (lock, until))
GIVES(pthread_rwlock_unlock, lock, (pthread_rwlock_t * lock), (lock))

TAKES(pthread_spin_trylock, lock, (pthread_spinlock_t * lock), (lock))
GIVES(pthread_spin_unlock, lock, (pthread_spinlock_t * lock), (lock))

/* The library's loop would never give the processor up. */
REAL(int, pthread_spin_lock, (pthread_spinlock_t * lock))
{
	if (!is_watching())
		return __real_pthread_spin_lock(lock);
	do
		ask(lock, CALLER);
	while (__real_pthread_spin_trylock(lock) != 0);
	note(HOOKS_ACQUIRED, lock, CALLER);
	return 0;
}

WAITS(pthread_cond_wait, (pthread_cond_t * condition, pthread_mutex_t *mutex),
	(condition, mutex))
WAITS(pthread_cond_timedwait,
	(pthread_cond_t * condition, pthread_mutex_t *mutex, time_point until),
	(condition, mutex, until))
WAITS(pthread_cond_clockwait,
	(pthread_cond_t * condition, pthread_mutex_t *mutex, clockid_t clock,
		time_point until),
	(condition, mutex, clock, until))
GIVES(pthread_cond_signal, condition, (pthread_cond_t * condition), (condition))
GIVES(pthread_cond_broadcast, condition, (pthread_cond_t * condition),
	(condition))

REAL(int, pthread_barrier_wait, (pthread_barrier_t * barrier))
{
	int result;

	ask(barrier, CALLER);
	note(HOOKS_RELEASED, barrier, CALLER);
	result = __real_pthread_barrier_wait(barrier);
	note(HOOKS_ACQUIRED, barrier, CALLER);
	return result;
}

/* Whoever comes later sees what the first has done. */
REAL(int, pthread_once, (pthread_once_t * once, void (*function)(void)))
{
	int result;

	ask(once, CALLER);
	result = __real_pthread_once(once, function);
	note(HOOKS_ACQUIRED, once, CALLER);
	note(HOOKS_RELEASED, once, CALLER);
	return result;
}

REAL(void, call_once, (once_flag * once, void (*function)(void)))
{
	ask(once, CALLER);
	__real_call_once(once, function);
	note(HOOKS_ACQUIRED, once, CALLER);
	note(HOOKS_RELEASED, once, CALLER);
}

TAKES(sem_wait, semaphore, (sem_t * semaphore), (semaphore))
TAKES(sem_trywait, semaphore, (sem_t * semaphore), (semaphore))
TAKES(sem_timedwait, semaphore, (sem_t * semaphore, time_point until),
	(semaphore, until))
TAKES(sem_clockwait, semaphore,
	(sem_t * semaphore, clockid_t clock, time_point until),
	(semaphore, clock, until))
GIVES(sem_post, semaphore, (sem_t * semaphore), (semaphore))

REAL(int, sem_getvalue, (sem_t * semaphore, int *value))
{
	ask(semaphore, CALLER);
	return __real_sem_getvalue(semaphore, value);
}

TAKES(mtx_lock, mutex, (mtx_t * mutex), (mutex))
TAKES(mtx_trylock, mutex, (mtx_t * mutex), (mutex))
TAKES(mtx_timedlock, mutex, (mtx_t * mutex, time_point until), (mutex, until))
GIVES(mtx_unlock, mutex, (mtx_t * mutex), (mutex))
WAITS(cnd_wait, (cnd_t * condition, mtx_t *mutex), (condition, mutex))
WAITS(cnd_timedwait, (cnd_t * condition, mtx_t *mutex, time_point until),
	(condition, mutex, until))
GIVES(cnd_signal, condition, (cnd_t * condition), (condition))
GIVES(cnd_broadcast, condition, (cnd_t * condition), (condition))
