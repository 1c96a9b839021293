/*
 * The handlers of calls.c's table, by file.  See struct call.
 */
#ifndef TRACER_CALLS_H
#define TRACER_CALLS_H

#include "tracer/engine.h"

/* Below the red zone of the x86-64 ABI: free to use while it is stopped. */
#define SCRATCH_BELOW 1024

#define ENTER(name)                                                            \
	enum call_action enter_##name(struct engine *engine, struct task *task)
#define EXIT(name)                                                             \
	enum exit_action exit_##name(                                          \
		struct engine *engine, struct task *task, long result)

/* general */
ENTER(run);
ENTER(run_free);
ENTER(munmap);

/* call_process.c */
ENTER(fork);
ENTER(wait4);
EXIT(wait4);
ENTER(waitid);
EXIT(waitid);
ENTER(exec);
EXIT(exec);
ENTER(exit);
ENTER(getppid);
EXIT(prctl);
ENTER(set_tid_address);
ENTER(sched_yield);

/* call_pidfd.c */
ENTER(pidfd_open);
EXIT(pidfd_open);
ENTER(pidfd_send_signal);
EXIT(pidfd_send_signal);
/*
 * The first task of the process that descriptor FD of the task refers to.
 * NULL: *ERROR is EBADF (no pidfd), ESRCH (gone) or EPERM (the jail init).
 */
struct task *pidfd_target(const struct engine *engine, const struct task *task,
	int fd, int *error);

/* call_signal.c */
ENTER(kill);
EXIT(kill);
ENTER(thread_kill);
EXIT(thread_kill);
EXIT(rt_sigaction);
ENTER(pause);
ENTER(rt_sigsuspend);
ENTER(rt_sigtimedwait);
EXIT(rt_sigtimedwait);
/* TASK has sent the signal: what follows from it at once. */
void signal_sent(struct engine *engine, struct task *task,
	struct process *target, int signal);
/* fcntl(F_SETOWN): who gets the SIGIO of a descriptor. */
enum call_action set_owner(struct engine *engine, struct task *task);

/* call_time.c */
ENTER(nanosleep);
ENTER(clock_nanosleep);
void interrupted_sleep(struct engine *engine, struct task *task);
ENTER(clock_gettime);
ENTER(clock_getres);
ENTER(gettimeofday);
ENTER(time);
ENTER(times);
ENTER(getrusage);
ENTER(getrandom);

/* call_timer.c */
ENTER(alarm);
ENTER(setitimer);
ENTER(getitimer);
ENTER(timer_create);
ENTER(timer_settime);
ENTER(timer_gettime);
ENTER(timer_getoverrun);
ENTER(timer_delete);
ENTER(timerfd_create);
EXIT(timerfd_create);
ENTER(timerfd_settime);
ENTER(timerfd_gettime);

/* call_futex.c */
ENTER(futex);
bool futex_same_key(const struct futex_key *a, const struct futex_key *b);
/* When the call's time-out is over; false when it is not a valid time. */
bool futex_deadline(const struct engine *engine, const struct task *task,
	int64_t *deadline_ns);

/* call_pi.c: futex(2) with priority inheritance */
enum call_action pi_lock(
	struct engine *engine, struct task *task, const struct futex_key *key);
enum call_action pi_try(
	struct engine *engine, struct task *task, const struct futex_key *key);
enum call_action pi_unlock(
	struct engine *engine, struct task *task, const struct futex_key *key);

/* call_lock.c */
ENTER(flock);
ENTER(fcntl);
EXIT(fcntl);

/* call_ipc.c */
ENTER(semop);
EXIT(semop);
ENTER(semctl);
EXIT(sem_change);
ENTER(msgsnd);
EXIT(msgsnd);
ENTER(msgrcv);
EXIT(msgrcv);
EXIT(mq_open);
ENTER(mq_notify);
ENTER(mq_timedsend);
EXIT(mq_timedsend);
ENTER(mq_timedreceive);
EXIT(mq_timedreceive);

/* call_sysv.c */
ENTER(ipc_get);
EXIT(ipc_get);
ENTER(shmctl);
void sysv_removed(struct engine *engine, enum sysv_kind kind, int id);

/* call_poll.c */
ENTER(poll);
ENTER(select);
EXIT(select);
void interrupted_select(struct engine *engine, struct task *task);
ENTER(epoll_wait);
EXIT(epoll_wait);

/* call_file.c */
ENTER(open);
EXIT(open);
ENTER(close);
EXIT(close);
EXIT(pipe);
EXIT(socketpair);
ENTER(ioctl);
ENTER(rename);
EXIT(rename);
EXIT(unlink);
EXIT(truncate);
EXIT(mmap);
ENTER(memfd_create);
EXIT(shmat);
EXIT(mknod);
EXIT(path);
bool fifo_reader_released(struct task *task);

/* call_splice.c */
ENTER(splice);
EXIT(splice);
ENTER(sendfile);
EXIT(sendfile);

/* hooks.c */
ENTER(hooks_point);
ENTER(hooks_note);

/* call_read.c */
ENTER(read);
EXIT(read);

/* call_write.c */
ENTER(write);
EXIT(write);
ENTER(file_write);
EXIT(file_write);

/* call_socket.c */
ENTER(socket);
ENTER(socketpair);
ENTER(connect);
EXIT(connect);
EXIT(accept);
EXIT(shutdown);
bool socket_passed_rights(const struct task *task);

#endif
