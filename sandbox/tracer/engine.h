/*
 * The tracer's inside: the tasks of one run and what they stand at.
 *
 * Principle: no task ever blocks in the kernel, and one runs at a time.
 * Every live task stands in a ptrace-stop; most stand at the entry of a
 * system call that matters (a seccomp stop), which is their scheduling
 * point.  engine_run() chooses one, performs its call, lets it run to its
 * next point, and so on.  As none can be woken behind our back, "who can go
 * on" is a question with an exact answer; when nobody can, virtual time
 * jumps to the next deadline, and when there is none, that is a deadlock.
 *
 * Files: engine.c the loop and time; stops.c what a stop means; perform.c
 * how a call is carried out, held, finished, interrupted; operation.c what a
 * pending call is about to touch; task.c tasks and processes; call_*.c one
 * group of system calls each, listed in calls.c.
 */
#ifndef TRACER_ENGINE_H
#define TRACER_ENGINE_H

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/user.h>

#include "clock/clock.h"
#include "hooks/hooks.h"
#include "model/idle.h"
#include "model/names.h"
#include "run.h"
#include "scheduler/schedule.h"

#define STORES_MAX 4 /* that a task may have under way: see stores.c */

struct engine;
struct file;
struct task;

/* What a task stands at. */
enum task_state {
	TASK_READY,         /* stopped; has only to be resumed */
	TASK_AT_CALL,       /* at the entry of task.call, which may block it */
	TASK_VFORK,         /* at PTRACE_EVENT_VFORK until the child is done */
	TASK_STOPPED,       /* job control: listening for SIGCONT */
	TASK_ZOMBIE_LEADER, /* first thread ended, others of it live */
	TASK_PARKED,        /* spins without system calls; see engine.c */
	TASK_DEAD,
};

enum wait_kind {
	WAIT_NONE,
	WAIT_TIME,   /* for its deadline alone */
	WAIT_FUTEX,  /* for a wake on wait.futex */
	WAIT_RETRY,  /* for a change of class wait.retry: tries again */
	WAIT_POLL,   /* for one of wait.polls */
	WAIT_SIGNAL, /* for a signal */
};

enum wake_reason { WAKE_NOT, WAKE_READY, WAKE_TIMEOUT, WAKE_SIGNAL };

/* Classes of WAIT_RETRY. */
#define RETRY_CHILD 1u
#define RETRY_LOCK 2u
#define RETRY_SYSV 4u
#define RETRY_FIFO 8u
#define RETRY_ALL 15u

/* Identity of a futex, as the kernel's get_futex_key() tells them apart. */
struct futex_key {
	int space; /* 0 none, 1 private, 2 shared flag on private memory,
		      3 shared mapping */
	uint64_t a, b, offset;
};

struct wait {
	enum wait_kind kind;
	enum wake_reason woken;
	bool started;        /* the wait event is in the trace */
	int64_t deadline_ns; /* CLOCK_NEVER = none */
	unsigned retry;
	/* RETRY_LOCK: device and inode; RETRY_SYSV: kind and id; 0: any */
	uint64_t key[2];
	bool doubtful; /* woken, and then another was quicker */
	struct futex_key futex;
	uint32_t futex_bits;
	uint64_t futex_address;
	bool tries;    /* a write: poll() may be wrong, ask the kernel */
	bool inherits; /* a futex with priority inheritance: see call_pi.c */
	struct pollfd *polls; /* owned; fds are our duplicates, owned */
	size_t poll_count;
	bool masked; /* signals are judged by mask, not the task's */
	uint64_t mask;
	uint64_t accepts;   /* sigtimedwait: these make it ready */
	const char *object; /* borrowed from engine.names */
	int holder;         /* task, -1 unknown */
	uint64_t order;     /* first come, first served */
	uint64_t saved[2];  /* the call's own notes */
};

/* What call handlers tell perform.c. */
enum call_action {
	CALL_RUN,      /* let the kernel do it, then ask call->exit */
	CALL_RUN_FREE, /* let the kernel do it, nothing to see afterwards */
	CALL_DONE,
	/* skipped; the result is task->result */ CALL_BLOCK, /* cannot go on:
								 task->wait says
								 why */
	CALL_EARLY, /* as CALL_DONE, then the read behind it, and no further */
};

enum exit_action {
	EXIT_ON,    /* done */
	EXIT_BLOCK, /* it would have blocked: undo, hold, try again */
	EXIT_HOLD,  /* done, but it goes on only when task->wait says */
	EXIT_AGAIN, /* more of the same call: enter it again at once */
};

#define CALL_VISIBLE 1u         /* a scheduling point */
#define CALL_NO_RESTART 2u      /* EINTR even under SA_RESTART (signal(7)) */
#define CALL_SWAPS_MASK 4u      /* takes a signal mask for the wait */
#define CALL_LOOKS 8u           /* never progress by itself: see model/idle.h */
#define CALL_CLOCK_ARGUMENT 16u /* clock_nanosleep: clock and flags first */
#define CALL_PARTLY 32u         /* the policy refuses some arguments */
#define CALL_NO_CLOCK 64u       /* LOOKS though not VISIBLE, at no clock */
#define CALL_ALWAYS_EINTR 128u  /* even when it was only stopped: signal(7) */
#define CALL_RESUMES 256u       /* stopped, it waits on for the time it had */
#define CALL_FOR_SIGNALS 512u   /* waits for a handler to run, and no more */

struct call {
	int number;
	const char *name;
	unsigned flags;
	enum call_action (*enter)(struct engine *, struct task *);
	enum exit_action (*exit)(struct engine *, struct task *, long result);
	/* before EINTR or a restart: e.g. write the remaining time */
	void (*interrupted)(struct engine *, struct task *);
};

#define CALL_NUMBERS 1024                 /* more than there are */
const struct call *call_find(int number); /* NULL = not modelled */

#define SIGNAL_BIT(n) (UINT64_C(1) << ((n)-1))

/* A shared mapping of a process, and what is mapped there. */
struct shared_region {
	uint64_t low, high;
	uint64_t dev, ino, offset;
};

struct process {
	int number; /* = number of its first task in the trace */
	pid_t tgid; /* as we see it */
	int pidfd;
	int memory;         /* number of the process that owns the space */
	int parent;         /* process number, -1 = the jail init */
	int threads;        /* live */
	bool dead, killed;  /* killed: SIGKILL is on its way */
	bool left_directly; /* by _exit(), without the library's exit() */
	bool reaped;
	bool subreaper;
	int status; /* wait status once dead */
	uint64_t caught, ignored;
	uint64_t interrupting; /* of the caught: those without SA_RESTART */
	bool no_zombies;       /* SIGCHLD ignored or SA_NOCLDWAIT */
	struct buf partial[2];
	int itimer; /* clock timer of ITIMER_REAL, 0 none */
	struct shared_region regions[HOOKS_REGIONS_MAX];
	size_t region_count;
	bool quiet; /* its runtime was told to make no notes */
};

struct task {
	int number;
	pid_t tid;       /* as we see it */
	pid_t inner_tid; /* as it sees itself */
	struct process *process;
	int creator;   /* task that made it, -1 */
	uint32_t role; /* equal for tasks that were created at one place */
	enum task_state state;
	struct user_regs_struct regs; /* at the call's entry */
	struct user_regs_struct run;  /* what CALL_RUN runs, if changed */
	bool run_changed;
	bool interrupting;  /* skipped; its exit becomes EINTR or a restart */
	bool signal_first;  /* ... as the signal came before the call */
	bool stepping_back; /* on its way back to the entry, to be held */
	bool behind;        /* EXIT_HOLD: it stands behind its call */
	bool again;         /* on its way back to the entry, to go on */
	const struct call *call;
	uint64_t args[6];
	struct schedule_candidate operation; /* the pending call ... */
	bool operation_known;                /* ... has been described */
	long result;
	struct wait wait;
	uint64_t clear_tid; /* address that the kernel clears at its end */
	int parent_death_signal;
	int vfork_child; /* number, while TASK_VFORK */
	bool want_exit;  /* resume it to its syscall-exit-stop */
	bool exiting;    /* its PTRACE_EVENT_EXIT was seen */
	bool stops;      /* its process is being stopped, it not yet */
	struct idle idle;
	struct user_regs_struct idle_registers; /* the state remembered */
	uint64_t idle_memory, idle_saved_at;
	/* of a loop that sleeps and looks: see spin.c */
	struct user_regs_struct nap_registers;
	uint64_t nap_memory, nap_effects, own_effects, nap_own_effects;
	int64_t nap_at_ns;
	bool nap_saved;
	uint64_t nap_others;   /* hash of the memory that others can change */
	int64_t nap_period_ns; /* of the sleep it is in, 0: not futile */
	bool nap_alone;        /* the only one in its round */
	bool nap_futile;       /* when the loop last looked */
	bool idle_held;        /* held as a busy waiter, not by a fault ... */
	uint64_t idle_mark;    /* ... when engine.changes was this */
	int64_t held_until_ns; /* not scheduled before, or 0 */
	bool progressed;       /* the pending call is not a mere look */
	int pending_fork;      /* number of the child just made, -1 */
	/* a write in pieces */
	uint64_t resume_rip; /* of a wait that a stop cut off, or 0 */
	int64_t resume_ns;   /* ... and when it was to end */
	bool resumes;        /* the call is that wait, entered again */
	uint64_t io_done, io_total;
	uint64_t io_short; /* the write is cut to so many by a fault, or 0 */
	int io_fd;         /* our duplicate whose O_NONBLOCK is borrowed */
	/* refused for ever (EDEADLK, ESRCH): what the C library then waits for
	 */
	const char *lost_object; /* borrowed from engine.names, or NULL */
	int lost_holder;
	uint64_t pc;
	/* what stood where it was about to write: see hooks.c */
	struct store_buffer {
		struct store {
			uint64_t address;
			uint32_t size;
			unsigned char old[8], new[8];
		} stores[STORES_MAX];
		int count;
		uint64_t slice; /* in which the last access was made */
		bool delayed;   /* the old values stand in memory */
		uint64_t until; /* slice up to which others go first */
	} stores;
	uint64_t written_address;
	uint32_t written_size;
	unsigned char written[16];
	bool plain_store;
	int64_t slice_cpu_ns; /* CPU time when a tick first met the slice */
	uint64_t slice_seen;  /* engine.slices of that slice */
	bool spin_proved;     /* TASK_PARKED: it can only go round and round */
	uint64_t parked_hash; /* of the memory that others may change */
	int parks;            /* since its last call that we saw */
	uint64_t parked_at;   /* engine.progress when it was parked */
	struct futex_key robust[16]; /* words of its robust list, at its end */
	int robust_count;
	/* file being worked on, kept between entry and exit */
	uint64_t file_dev, file_ino;
	int64_t file_offset;
	int file_kind;
	bool file_fresh;
	int file_reads; /* of a file that a fault watches */
};

struct engine {
	const struct run_spec *spec;
	struct run_outcome *out;
	struct jail *jail;
	struct run_limits limits;
	struct clock clock;
	struct schedule schedule;
	struct names names;
	struct names objects; /* of operation.c, by first use */
	struct task **tasks;  /* by number; the trace has the same numbers */
	size_t count, capacity;
	size_t live;
	int current; /* task that ran last */
	struct process *main;
	uint64_t next_order;
	uint64_t stops;    /* of tasks, so far */
	uint64_t slices;   /* run so far */
	uint64_t progress; /* slices that did not end in parking */
	uint64_t changes;  /* calls that did something, ends of tasks */
	uint64_t effects;  /* the same without sleeps */
	struct task *running;
	int64_t interrupt_at_ns; /* CPU time of the slice to interrupt at */
	bool interrupted;        /* PTRACE_INTERRUPT is on its way */
	uint64_t guest_random;
	int64_t readings; /* of time stamps, which advance by being read */
	bool signals_dirty;
	bool fifos;      /* the program has made a FIFO */
	bool pidfds;     /* ... or a pidfd */
	bool sigio;      /* ... or asked for SIGIO */
	bool notifies;   /* ... or for signals of a message queue */
	int refusals;    /* recorded so far */
	bool zero_waits; /* some semop has waited for a zero */
	bool pinned;
	int stdout_fd, stderr_fd; /* ours; what 1 and 2 inside refer to */
	int64_t output_bytes;
	int64_t cpu_ns;     /* of ended tasks */
	int64_t started_ns; /* real time */
	bool stop;          /* the run is over */
	bool quiet;         /* clearing up: nothing more is recorded */
	bool retries_left;  /* one round more before a deadlock is sure */
	struct watched {
		char *content;
		size_t length;
		bool exists;
		uint64_t dev, ino;
		const char *name;
	} * watched;
	size_t watched_count;
	bool watched_mapped; /* shared and writable, by some task */
	uint64_t accesses;   /* scheduling points at memory so far */
	uint64_t attempts;   /* ... at locks in memory */
	bool sampled;        /* from here on some accesses are left out */
	uint64_t access_random;
	int delayed_stores; /* tasks whose stores are under way */
	int memfds;         /* made so far */
	uint64_t signal_random;
	struct lock_holder {
		uint64_t dev, ino;
		int process;
		int fd;     /* of the process, with which it was got */
		bool flock; /* or OFD: the description's, not the process' */
		bool exclusive;
	} * locks;
	size_t lock_count, lock_capacity;
	bool locks_used; /* some file was locked in this run */
	struct program_timer {
		int id; /* clock timer */
		int process;
		int notify, signal; /* as in struct sigevent */
		uint64_t value;
		pid_t tid; /* SIGEV_THREAD_ID, as we see it */
		clockid_t clock;
		bool queued;    /* its signal is, or was when we last saw */
		int overrun;    /* expiries since that signal was sent */
		int last;       /* the same of the signal that was taken */
		int fd;         /* timerfd: our duplicate, else -1 */
		uint64_t fd_id; /* its eventfd-id */
	} * timers;
	size_t timer_count, timer_capacity;
	bool *faults_done;
	size_t faults_counted; /* scheduling points that were chances */
	struct task *delayed;  /* by RUN_FAULT_DELAY_READ */
	const char *delayed_object;
	struct task *forced; /* the next to run, whatever the policy says */
	struct err *err;
	int error; /* trouble of the grader, negative errno */
};

/* engine.c */
int engine_run(struct engine *engine);
void engine_event(struct engine *engine, struct event *event);
void engine_event_data(struct engine *engine, struct event *event,
	const void *text, size_t length, const void *after,
	size_t after_length);
void engine_limit(struct engine *engine, const char *name, int64_t value);
void engine_stop(struct engine *engine, enum run_end end, const char *call);
/* The run ends: the program used what the engine does not model. */
void engine_unsupported(
	struct engine *engine, struct task *task, const char *what);
int engine_trouble(struct engine *engine, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void engine_check_usage(struct engine *engine); /* CPU, memory, wall */
int64_t engine_task_cpu_ns(const struct task *task);
int64_t engine_wall_ns(void);
struct event task_event(const struct engine *engine, enum event_kind kind,
	const struct task *task);

/* tame.c */
void tame_image(const struct task *task);
bool emulate_rdtsc(struct engine *engine, struct task *task);

/* operation.c */
/*
 * What the task is about to do.  When the policy does not look at it, only
 * its number and role.
 */
void operation_describe(struct engine *engine, struct task *task,
	struct schedule_candidate *to);

/* stops.c */
/* Seizes main, lets it out of the jail's hands, up to its exec. */
int stops_start(struct engine *engine, struct task *main);
void stops_run_slice(struct engine *engine, struct task *task);
/* Waits for the end of a process that has been sent SIGKILL. */
void stops_await_killed(struct engine *engine, struct process *process);
int stops_wait(struct engine *engine, struct task *task, int *status);
/*
 * One instruction of the task, which stands stopped; false when something
 * else came of it, which has then been seen to.
 */
bool stops_step(struct engine *engine, struct task *task);
bool stops_resume(
	struct engine *engine, struct task *task, int request, int signal);

/* job_control.c */
/* FIRST has stopped: so shall the other threads of its process. */
void stops_others(struct engine *engine, const struct task *first);
/* After SIGCONT: takes the stopped tasks of the process back. */
void stops_continue(struct engine *engine, struct process *process);

/* refuse.c */
/*
 * The task stands at the entry of a call.  True when the policy refuses it:
 * then it has been answered (the task runs on), or the run is over.
 */
bool refuse_call(struct engine *engine, struct task *task);

/* hooks.c */
/* The task has a fresh image: tells its runtime what counts. */
void hooks_begin(struct engine *engine, struct task *task);
/* Others may share the mapping at [ADDRESS, ADDRESS + LENGTH), or, LENGTH
   being 0, all of the one that begins at ADDRESS. */
void hooks_share(struct engine *engine, struct task *task, uint64_t address,
	uint64_t length);
/* Is the address in a shared mapping that the engine has seen made? */
bool hooks_is_shared(
	const struct engine *engine, const struct task *task, uint64_t address);
/* The task's process has threads now. */
void hooks_thread(struct engine *engine, struct task *task);
/* The task has come to its next stop: has its last access changed a thing? */
void hooks_settle(struct engine *engine, struct task *task);

/* stores.c */
/* The task has made this store, and no other has run since. */
void stores_add(struct task *task, uint64_t address, uint32_t size,
	const unsigned char *old, const unsigned char *now);
/* It begins an access: what others may have seen is no longer under way. */
void stores_check(const struct engine *engine, struct task *task);
void stores_drop(struct task *task);
/* May the task, at a read of these bytes, read before its stores arrive? */
bool stores_may_wait(struct engine *engine, const struct task *task,
	uint64_t address, uint32_t size);
/* The read has been made: the stores are taken back until they arrive. */
void stores_delay(struct engine *engine, struct task *task);
/* Is it still the others' turn? */
bool stores_let_others(const struct engine *engine, const struct task *task);
void stores_arrive(struct engine *engine, struct task *task);
void stores_arrive_all(struct engine *engine);

/* spin.c */
/*
 * The running task was interrupted after much CPU time without a call; true
 * when it may run on, false when it was parked.
 */
bool spin_examine(struct engine *engine, struct task *task);
/* Has a parked task something new to see? */
bool spin_may_go_on(const struct engine *engine, const struct task *task);
/* A call that only looked, or did something: see model/idle.h. */
void spin_count_call(struct engine *engine, struct task *task);
/* A held busy waiter has come to its next call, where it stands. */
void spin_stands(struct task *task);
/* It is about to run again, held or not. */
void spin_release(struct engine *engine, struct task *task);
/* The task has begun to sleep, or to wait for nothing but time. */
void spin_note_nap(struct engine *engine, struct task *task);
/* Sets nap_futile of all: who will find all as it was, and sleep again. */
void spin_review_naps(struct engine *engine);
/* A held busy waiter: has the memory changed under it? */
bool spin_sees_change(const struct engine *engine, const struct task *task);

/* perform.c */
/* True when the task may run on in this slice. */
bool perform_call(struct engine *engine, struct task *task);
/* The task stands at the exit of its call; the same meaning. */
bool perform_exit(struct engine *engine, struct task *task);
/* The task stands at the entry and is held: says so in the trace. */
void perform_hold(struct engine *engine, struct task *task);
void perform_read_call(struct engine *engine, struct task *task);
bool signals_deliverable(struct engine *engine, struct task *task);
uint64_t signals_pending(const struct task *task);
void engine_wake_retries(struct engine *engine, unsigned classes);
/* Only those that wait for this very thing. */
void engine_wake_key(
	struct engine *engine, unsigned retry, uint64_t a, uint64_t b);
/*
 * Another has taken the thing: those that were woken for it and have not
 * asked yet would ask in vain.  In case they would not (a lock may be shared
 * by inheritance), they ask before the clock moves.
 */
void engine_doubt_key(
	struct engine *engine, unsigned retry, uint64_t a, uint64_t b);
bool engine_wake_doubtful(struct engine *engine);
void wait_clear(struct engine *engine, struct task *task);
/* Marks the task as waiting; returns CALL_BLOCK. */
enum call_action wait_for(struct engine *engine, struct task *task,
	enum wait_kind kind, const char *object, int64_t deadline_ns);
const char *futex_name(struct engine *engine, const struct futex_key *key);
int futex_wake_key(struct engine *engine, const struct futex_key *key,
	int count, uint32_t bits, const struct task *by);

/* call_pi.c */
/* TASK has ended: what it owned goes to those who wait for it. */
void pi_owner_ended(struct engine *engine, const struct task *task);

/* call_timer.c */
void timers_expire(struct engine *engine);
/*
 * TASK is about to get the signal of INFO: if a timer has sent it, completes
 * it with what only shows now and returns true.
 */
bool timers_signal_taken(
	struct engine *engine, const struct task *task, siginfo_t *info);
/* The process has ended, or executes another program. */
void timers_ended(struct engine *engine, const struct process *process);
/* A descriptor that timerfd_create(2) has made, and not eventfd(2)? */
bool timers_own(const struct engine *engine, const struct file *file);
void timers_free(struct engine *engine);

/* call_lock.c */
/* A close of FD by the process drops its locks on the file: fcntl(2). */
void locks_closed(struct engine *engine, struct task *task, uint64_t dev,
	uint64_t ino, int fd, const char *name);
void locks_ended(struct engine *engine, struct task *leader);

/* call_file.c */
bool fifo_reader_released(struct task *task);

/* call_pidfd.c */
/*
 * The first task of the process that descriptor FD of the task refers to.
 * NULL: *ERROR is EBADF (no pidfd), ESRCH (gone) or EPERM (the jail init).
 */
struct task *pidfd_target(const struct engine *engine, const struct task *task,
	int fd, int *error);

/* call_signal.c */
/* TASK has sent the signal: what follows from it at once. */
void signal_sent(struct engine *engine, struct task *task,
	struct process *target, int signal);

/* fcntl(F_SETOWN): who gets the SIGIO of a descriptor. */
enum call_action set_owner(struct engine *engine, struct task *task);

/* faults.c */
void faults_apply(struct engine *engine);
/* NAME: of the file that the event changed. */
void faults_file_changed(
	struct engine *engine, const struct event *event, const char *name);
void faults_file_read(
	struct engine *engine, struct task *task, const struct event *event);
void faults_release(struct engine *engine); /* nobody will change the file */
/*
 * The following say whether a fault meets the task's call now.  Each call is
 * one chance: they are asked once for it.  When it does, it is in the trace.
 */
/* The call would wait, as a handler may end it, and is to fail with EINTR. */
bool faults_interrupt(struct engine *engine, const struct task *task);
/* The task makes another, and is to fail with EAGAIN. */
bool faults_refuse_fork(struct engine *engine, const struct task *task);
/* It writes to the regular file, and is to fail with ENOSPC. */
bool faults_fill_disk(struct engine *engine, const struct task *task,
	const struct file *file);
/*
 * It reads (writes) the file and would get (put) TOTAL bytes; returns how
 * many it is to, or 0: as many as it would.
 */
uint64_t faults_shorten(struct engine *engine, const struct task *task,
	const struct file *file, bool is_write, uint64_t total);

/* task.c */
struct task *task_add(struct engine *engine, struct task *creator, pid_t tid,
	bool is_thread, bool shares_memory);
struct task *task_by_tid(const struct engine *engine, pid_t tid);
struct task *task_by_inner(const struct engine *engine, pid_t inner);
struct task *process_leader(
	const struct engine *engine, const struct process *process);
/* Ended, and its parent (or the jail init, at once) has taken its status. */
bool process_gone(const struct process *process);
void task_exec(struct engine *engine, struct task *task);
void task_free_all(struct engine *engine);
void task_ended(struct engine *engine, struct task *task, int status);

/* memory.c: all return false when the memory is not there */
bool memory_read(
	const struct task *task, uint64_t address, void *data, size_t length);
bool memory_write(const struct task *task, uint64_t address, const void *data,
	size_t length);
/* At most size - 1 bytes and a NUL; false if unreadable or not ended. */
bool memory_string(
	const struct task *task, uint64_t address, char *text, size_t size);
bool memory_words(const struct task *task, uint64_t address, uint64_t *words,
	size_t count);
/* The mapping that ADDRESS is in: key->a, b, offset and its end. */
bool memory_mapping(const struct task *task, uint64_t address, bool *shared,
	uint64_t *end, struct futex_key *key);
bool memory_futex_key(const struct engine *engine, const struct task *task,
	uint64_t address, bool is_private, struct futex_key *key);

/* unwind.c */
/* The innermost pc in the student's code, from REGS of the stopped task on
   outwards (of a caller: the last byte of its call); 0 when there is none or
   the stack cannot be walked. */
uint64_t unwind_find_pc(const struct engine *engine, const struct task *task,
	const struct user_regs_struct *regs);
/* Did the student's code itself call the function that makes the syscall? */
bool unwind_called_directly(const struct engine *engine,
	const struct task *task, const struct user_regs_struct *regs);

/* output.c */
/* The process' bytes for stdout (0) or stderr (1): lines become events. */
void output_add(struct engine *engine, struct task *task, int stream,
	const char *data, size_t length);
/* The last line, without its newline, as the process has ended. */
void output_flush(struct engine *engine, struct task *leader);

/* files.c */
enum file_kind {
	FILE_NONE, /* bad descriptor */
	FILE_STDOUT,
	FILE_STDERR,
	FILE_REGULAR,
	FILE_CHANNEL, /* pipe, FIFO, socket, eventfd: may block */
	FILE_RANDOM,  /* /dev/random, /dev/urandom */
	FILE_OTHER,
};
struct file {
	enum file_kind kind;
	int fd; /* our duplicate, -1 */
	uint64_t dev, ino;
	unsigned mode;
	bool nonblocking; /* these three of a regular file by
			     file_read_flags() only */
	bool readable, writable;
};
struct file file_open(
	const struct engine *engine, const struct task *task, int fd);
void file_read_flags(struct file *file);
void file_close(struct file *file);
enum file_kind file_std(
	const struct engine *engine, const struct task *task, int fd);
/* poll(2) without waiting; no signal of ours may disturb it. */
int poll_now(struct pollfd *fds, size_t count);
bool file_ready(const struct task *task, const struct file *file, short events);
uint64_t file_eventfd_id(int fd);
bool file_is_epoll(const struct file *file);
/* Waits for EVENTS on the file; takes its descriptor over. */
void wait_on_fd(struct task *task, struct file *file, short events);

/*
 * Of a task that waits for a pipe's data: a live process that has the write
 * end open, so that the end of file does not come.  One that reads the same
 * pipe itself, the task's own above all, only when there is no other.  -1 when
 * the task waits for something else.
 */
int pipe_writer(const struct engine *engine, const struct task *task);
const char *file_name(struct engine *engine, const struct file *file);
void file_watch_start(struct engine *engine);
void file_watch_end(struct engine *engine);
bool file_is_watched(const struct engine *engine, uint64_t dev, uint64_t ino);
/* A watched file is mapped for writing: has TASK changed it in its slice? */
void file_watch_mapped(struct engine *engine, struct task *task);
/*
 * Records EVENT (write, truncate, rename, unlink by TASK on the file
 * DEV:INO) with the content of a watched file behind it when that is the
 * file, or when it has changed.  DATA may be NULL.
 */
void file_changed(struct engine *engine, struct event *event, const void *data,
	size_t length, uint64_t dev, uint64_t ino);
/* A path as the trace shows it: without "./" and "/work/". */
const char *file_path_shown(const char *path);

#endif
