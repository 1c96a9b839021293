/*
 * The table of modelled calls: number, flags, handlers.  A call that is not
 * here, or only in the jail's policy as unknown, is refused by name.
 */
#define _GNU_SOURCE
#include <stddef.h>
#include <sys/syscall.h>

#include "hooks/hooks.h"
#include "tracer/calls.h"

#define V CALL_VISIBLE
#define L CALL_LOOKS

#define ROW(name, flags, enter, exit, interrupted)                             \
	[SYS_##name] = {                                                       \
		SYS_##name, #name, (flags), (enter), (exit), (interrupted)}
#define SOCKET(name, flags, enter, exit)                                       \
	ROW(name, (flags) | CALL_PARTLY, enter, exit, NULL)
#define FREE(name) ROW(name, 0, enter_run_free, NULL, NULL)
/* It makes a descriptor, if there may be one more: see perform_exit(). */
#define OPENS(name) ROW(name, 0, enter_run, NULL, NULL)
#define VISIBLE_FREE(name) ROW(name, V, enter_run_free, NULL, NULL)

static const struct call calls[] = {
	/* processes */
	ROW(fork, V, enter_fork, NULL, NULL),
	ROW(vfork, V, enter_fork, NULL, NULL),
	ROW(clone, V | CALL_PARTLY, enter_fork, NULL, NULL),
	ROW(wait4, V, enter_wait4, exit_wait4, NULL),
	ROW(waitid, V, enter_waitid, exit_waitid, NULL),
	ROW(exit, V, enter_exit, NULL, NULL),
	ROW(exit_group, V, enter_exit, NULL, NULL),
	ROW(execve, V, enter_exec, exit_exec, NULL),
	ROW(execveat, V, enter_exec, exit_exec, NULL),
	ROW(getppid, V | L, enter_getppid, NULL, NULL),
	FREE(getpgid),
	FREE(getsid),
	VISIBLE_FREE(setpgid),
	VISIBLE_FREE(setsid),
	ROW(prctl, V | CALL_PARTLY, enter_run, exit_prctl, NULL),
	ROW(set_tid_address, 0, enter_set_tid_address, NULL, NULL),
	ROW(sched_yield, V | L, enter_sched_yield, NULL, NULL),
	/* signals */
	ROW(kill, V, enter_kill, exit_kill, NULL),
	ROW(tkill, V, enter_thread_kill, exit_thread_kill, NULL),
	ROW(tgkill, V, enter_thread_kill, exit_thread_kill, NULL),
	ROW(rt_sigqueueinfo, V, enter_thread_kill, exit_thread_kill, NULL),
	ROW(rt_tgsigqueueinfo, V, enter_thread_kill, exit_thread_kill, NULL),
	ROW(pidfd_open, V, enter_pidfd_open, exit_pidfd_open, NULL),
	ROW(pidfd_send_signal, V, enter_pidfd_send_signal,
		exit_pidfd_send_signal, NULL),
	ROW(rt_sigaction, 0, enter_run, exit_rt_sigaction, NULL),
	ROW(rt_sigpending, V | L, enter_run_free, NULL, NULL),
	ROW(rt_sigsuspend,
		V | CALL_NO_RESTART | CALL_SWAPS_MASK | CALL_FOR_SIGNALS,
		enter_rt_sigsuspend, NULL, NULL),
	ROW(rt_sigtimedwait, V | CALL_ALWAYS_EINTR, enter_rt_sigtimedwait,
		exit_rt_sigtimedwait, NULL),
	ROW(pause, V | CALL_NO_RESTART | CALL_FOR_SIGNALS, enter_pause, NULL,
		NULL),
	/* time */
	ROW(nanosleep, V | CALL_NO_RESTART | CALL_RESUMES, enter_nanosleep,
		NULL, interrupted_sleep),
	ROW(clock_nanosleep,
		V | CALL_NO_RESTART | CALL_RESUMES | CALL_CLOCK_ARGUMENT |
			CALL_PARTLY,
		enter_clock_nanosleep, NULL, interrupted_sleep),
	ROW(clock_gettime, L, enter_clock_gettime, NULL, NULL),
	ROW(clock_getres, 0, enter_clock_getres, NULL, NULL),
	ROW(gettimeofday, L, enter_gettimeofday, NULL, NULL),
	ROW(time, L, enter_time, NULL, NULL),
	ROW(times, L, enter_times, NULL, NULL),
	ROW(getrusage, L, enter_getrusage, NULL, NULL),
	ROW(getrandom, 0, enter_getrandom, NULL, NULL),
	ROW(alarm, V, enter_alarm, NULL, NULL),
	ROW(setitimer, V | CALL_PARTLY, enter_setitimer, NULL, NULL),
	ROW(getitimer, L, enter_getitimer, NULL, NULL),
	ROW(timer_create, V | CALL_PARTLY, enter_timer_create, NULL, NULL),
	ROW(timer_settime, V, enter_timer_settime, NULL, NULL),
	ROW(timer_gettime, L, enter_timer_gettime, NULL, NULL),
	ROW(timer_getoverrun, 0, enter_timer_getoverrun, NULL, NULL),
	ROW(timer_delete, 0, enter_timer_delete, NULL, NULL),
	ROW(timerfd_create, V, enter_timerfd_create, exit_timerfd_create, NULL),
	ROW(timerfd_settime, V, enter_timerfd_settime, NULL, NULL),
	ROW(timerfd_gettime, L, enter_timerfd_gettime, NULL, NULL),
	/* synchronisation */
	ROW(futex, V | CALL_RESUMES, enter_futex, NULL, NULL),
	ROW(flock, V, enter_flock, NULL, NULL),
	ROW(fcntl, V | CALL_PARTLY, enter_fcntl, exit_fcntl, NULL),
	ROW(semget, V, enter_ipc_get, exit_ipc_get, NULL),
	ROW(semop, V | CALL_ALWAYS_EINTR, enter_semop, exit_semop, NULL),
	ROW(semtimedop, V | CALL_ALWAYS_EINTR, enter_semop, exit_semop, NULL),
	ROW(semctl, V, enter_semctl, exit_sem_change, NULL),
	ROW(msgget, V, enter_ipc_get, exit_ipc_get, NULL),
	ROW(msgsnd, V | CALL_NO_RESTART, enter_msgsnd, exit_msgsnd, NULL),
	ROW(msgrcv, V | CALL_NO_RESTART, enter_msgrcv, exit_msgrcv, NULL),
	ROW(msgctl, V, enter_run, exit_sem_change, NULL),
	ROW(shmget, V, enter_ipc_get, exit_ipc_get, NULL),
	ROW(shmat, 0, enter_run, exit_shmat, NULL),
	ROW(shmdt, 0, enter_munmap, NULL, NULL),
	ROW(shmctl, 0, enter_shmctl, NULL, NULL),
	ROW(mq_open, V, enter_run, exit_mq_open, NULL),
	VISIBLE_FREE(mq_unlink),
	ROW(mq_timedsend, V, enter_mq_timedsend, exit_mq_timedsend, NULL),
	ROW(mq_timedreceive, V, enter_mq_timedreceive, exit_mq_timedreceive,
		NULL),
	ROW(mq_notify, V, enter_mq_notify, NULL, NULL),
	FREE(mq_getsetattr),
	/* waiting for descriptors */
	ROW(poll, V | CALL_NO_RESTART | CALL_RESUMES, enter_poll, NULL, NULL),
	ROW(ppoll, V | CALL_NO_RESTART | CALL_SWAPS_MASK, enter_poll,
		exit_select, interrupted_select),
	ROW(select, V | CALL_NO_RESTART, enter_select, exit_select,
		interrupted_select),
	ROW(pselect6, V | CALL_NO_RESTART | CALL_SWAPS_MASK, enter_select,
		exit_select, interrupted_select),
	OPENS(epoll_create),
	OPENS(epoll_create1),
	FREE(epoll_ctl),
	ROW(epoll_wait, V | CALL_ALWAYS_EINTR, enter_epoll_wait,
		exit_epoll_wait, NULL),
	ROW(epoll_pwait, V | CALL_ALWAYS_EINTR | CALL_SWAPS_MASK,
		enter_epoll_wait, exit_epoll_wait, NULL),
	ROW(epoll_pwait2, V | CALL_ALWAYS_EINTR | CALL_SWAPS_MASK,
		enter_epoll_wait, exit_epoll_wait, NULL),
	OPENS(eventfd),
	OPENS(eventfd2),
	OPENS(signalfd),
	OPENS(signalfd4),
	/* files */
	ROW(open, V, enter_open, exit_open, NULL),
	ROW(openat, V, enter_open, exit_open, NULL),
	ROW(creat, V, enter_open, exit_open, NULL),
	ROW(close, V, enter_close, NULL, NULL),
	ROW(close_range, V, enter_close, NULL, NULL),
	OPENS(dup),
	ROW(dup2, V, enter_close, NULL, NULL),
	ROW(dup3, V, enter_close, NULL, NULL),
	ROW(pipe, 0, enter_run, exit_pipe, NULL),
	ROW(pipe2, 0, enter_run, exit_pipe, NULL),
	ROW(ioctl, CALL_PARTLY, enter_ioctl, NULL, NULL),
	ROW(rename, V, enter_run, exit_rename, NULL),
	ROW(renameat, V, enter_run, exit_rename, NULL),
	ROW(renameat2, V, enter_run, exit_rename, NULL),
	ROW(unlink, V, enter_run, exit_unlink, NULL),
	ROW(unlinkat, V, enter_run, exit_unlink, NULL),
	ROW(link, V, enter_run, exit_path, NULL),
	ROW(linkat, V, enter_run, exit_path, NULL),
	ROW(symlink, V, enter_run, exit_path, NULL),
	ROW(symlinkat, V, enter_run, exit_path, NULL),
	ROW(mkdir, V, enter_run, exit_path, NULL),
	ROW(mkdirat, V, enter_run, exit_path, NULL),
	ROW(rmdir, V, enter_run, exit_path, NULL),
	ROW(mknod, V, enter_run, exit_mknod, NULL),
	ROW(mknodat, V, enter_run, exit_mknod, NULL),
	ROW(truncate, V, enter_run, exit_truncate, NULL),
	ROW(ftruncate, V, enter_run, exit_truncate, NULL),
	ROW(fallocate, V, enter_file_write, exit_file_write, NULL),
	ROW(copy_file_range, V, enter_file_write, exit_file_write, NULL),
	ROW(sendfile, V, enter_sendfile, exit_sendfile, NULL),
	ROW(splice, V, enter_splice, exit_splice, NULL),
	ROW(tee, V, enter_splice, exit_splice, NULL),
	ROW(vmsplice, V, enter_splice, exit_splice, NULL),
	ROW(mmap, 0, enter_run, exit_mmap, NULL),
	ROW(munmap, 0, enter_munmap, NULL, NULL),
	ROW(mremap, 0, enter_munmap, NULL, NULL),
	ROW(memfd_create, V, enter_memfd_create, NULL, NULL),
	ROW(lseek, 0, enter_run_free, NULL, NULL), /* progress: see spin.c */
	FREE(fsync),
	FREE(fdatasync),
	FREE(sync_file_range),
	FREE(msync),
	/* looking: a program may wait for a file by it */
	ROW(stat, V, enter_run, exit_path, NULL),
	ROW(lstat, V, enter_run, exit_path, NULL),
	ROW(newfstatat, V, enter_run, exit_path, NULL),
	ROW(statx, V, enter_run, exit_path, NULL),
	ROW(access, V, enter_run, exit_path, NULL),
	ROW(faccessat, V, enter_run, exit_path, NULL),
	ROW(faccessat2, V, enter_run, exit_path, NULL),
	/* reading and writing */
	ROW(read, V, enter_read, exit_read, NULL),
	ROW(readv, V, enter_read, exit_read, NULL),
	ROW(pread64, V, enter_read, exit_read, NULL),
	ROW(preadv, V, enter_read, exit_read, NULL),
	ROW(preadv2, V, enter_read, exit_read, NULL),
	ROW(write, V, enter_write, exit_write, NULL),
	ROW(writev, V, enter_write, exit_write, NULL),
	ROW(pwrite64, V, enter_write, exit_write, NULL),
	ROW(pwritev, V, enter_write, exit_write, NULL),
	ROW(pwritev2, V, enter_write, exit_write, NULL),
	/* local sockets, where an exercise allows them */
	SOCKET(socket, 0, enter_socket, NULL),
	SOCKET(socketpair, V, enter_socketpair, exit_socketpair),
	SOCKET(bind, V, enter_run_free, NULL),
	SOCKET(listen, V, enter_run_free, NULL),
	SOCKET(connect, V, enter_connect, exit_connect),
	SOCKET(accept, V, enter_read, exit_accept),
	SOCKET(accept4, V, enter_read, exit_accept),
	SOCKET(sendto, V, enter_write, exit_write),
	SOCKET(sendmsg, V, enter_write, exit_write),
	SOCKET(recvfrom, V, enter_read, exit_read),
	SOCKET(recvmsg, V, enter_read, exit_read),
	SOCKET(shutdown, V, enter_run, exit_shutdown),
	SOCKET(getsockopt, 0, enter_run_free, NULL),
	SOCKET(setsockopt, 0, enter_run_free, NULL),
	SOCKET(getsockname, 0, enter_run_free, NULL),
	SOCKET(getpeername, 0, enter_run_free, NULL),
};

/* The pseudo calls of hooks/hooks.h. */
static const struct call hooks_point = {
	HOOKS_POINT, "access", V | L, enter_hooks_point, NULL, NULL};
static const struct call hooks_note = {
	HOOKS_NOTE, "note", L | CALL_NO_CLOCK, enter_hooks_note, NULL, NULL};

const struct call *call_find(int number)
{
	if (number == HOOKS_POINT)
		return &hooks_point;
	if (number == HOOKS_NOTE)
		return &hooks_note;
	if (number < 0 || (size_t)number >= sizeof(calls) / sizeof(*calls) ||
		!calls[number].name)
		return NULL;
	return &calls[number];
}
