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
 * This header has what all parts share: the tasks and the run, and what is
 * recorded of it.  engine.c is the loop and time, usage.c the limits,
 * deadlock.c the last report, instances.c
 * further starts of the program, look.c what the grader looks at, operation.c
 * what a pending call is about to touch, output.c lines.  The other parts have
 * headers of their own: stops.h what a stop means; perform.h how a call is
 * carried out, held, finished, interrupted; wait.h who waits and who is woken;
 * spin.h those who wait without blocking; hooks.h and stores.h shared memory;
 * faults.h faults; task.h tasks and processes; memory.h and unwind.h what is
 * read of them; files.h and watch.h descriptors and files; calls.h the table of
 * system calls, whose handlers are in call_*.c, one group each.
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
#include "tracer/space.h"

#define STORES_MAX 8 /* that a task may have under way: see stores.c */

struct engine;
struct task;

/* What a task stands at. */
enum task_state {
	TASK_READY,         /* stopped; has only to be resumed */
	TASK_AT_CALL,       /* at the entry of task.call, which may block it */
	TASK_VFORK,         /* at PTRACE_EVENT_VFORK until the child is done */
	TASK_STOPPED,       /* job control: listening for SIGCONT */
	TASK_ZOMBIE_LEADER, /* first thread ended, others of it live */
	TASK_PARKED,        /* spins without system calls; see spin.c */
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

#define STACK_DEPTHS 64

/* What was found mapped at an address, see memory_mapping(). */
struct mapping {
	uint64_t low, high;
	uint64_t dev, ino, offset; /* of LOW */
	bool shared;
};

#define MAPPINGS_KNOWN_MAX 8

/* A descriptor whose file is open with us too, see files.c. */
struct kept_file {
	int fd;
	struct file *file; /* owned; NULL: the place is free */
};

#define FILES_KEPT_MAX 8
#define STREAMS_KNOWN_MAX 16

struct process {
	int number; /* = number of its first task in the trace */
	pid_t tgid; /* as we see it */
	int pidfd;
	int memory;        /* number of the process that owns the space */
	int parent;        /* process number, -1 = the jail init */
	int guardian;      /* thread that the kernel has as its parent, or -1 */
	int threads;       /* live */
	bool had_threads;  /* more than its first, at some time */
	bool dead, killed; /* killed: SIGKILL is on its way */
	bool doomed;       /* a limit sent it while it ran */
	bool left_directly; /* by _exit(), without the library's exit() */
	bool reaped;
	bool subreaper;
	int status; /* wait status once dead */
	uint64_t caught, ignored;
	uint64_t interrupting; /* of the caught: those without SA_RESTART */
	bool no_zombies;       /* SIGCHLD ignored or SA_NOCLDWAIT */
	bool is_plain_child;   /* its end is told by SIGCHLD */
	bool signals_dirty;    /* a signal may have come to it */
	struct buf partial[2];
	int itimer; /* clock timer of ITIMER_REAL, 0 none */
	struct shared_region regions[HOOKS_REGIONS_MAX];
	size_t region_count;
	struct mapping mappings[MAPPINGS_KNOWN_MAX]; /* of its own memory */
	size_t mapping_count;
	bool quiet; /* its runtime was told to make no notes */
	struct kept_file kept[FILES_KEPT_MAX];
	/* which of its first descriptors are streams of the run; files.c */
	unsigned char streams[STREAMS_KNOWN_MAX];
};

#define NEAR_BYTES_MAX 1024

/* A copy of a piece of memory that nobody changes while the task stands. */
struct near {
	uint64_t start;
	size_t length;
	unsigned char bytes[NEAR_BYTES_MAX];
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
	struct near *near;            /* of its stack; owned, NULL: none */
	struct user_regs_struct run;  /* what CALL_RUN runs, if changed */
	bool run_changed;
	bool interrupting;  /* skipped; its exit becomes EINTR or a restart */
	bool signal_first;  /* ... as the signal came before the call */
	bool ended_first;   /* a signal that ends it has come before its call */
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
	bool guards;     /* it may be the guardian of processes */
	int vfork_child; /* number, while TASK_VFORK */
	bool want_exit;  /* resume it to its syscall-exit-stop */
	bool exiting;    /* its PTRACE_EVENT_EXIT was seen */
	bool stops;      /* its process is being stopped, it not yet */
	struct idle idle;
	uint64_t skipped; /* looks that its runtime was told to leave out */
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
	int64_t idle_ns;       /* virtual time that passed before it was made,
				  or while it waited */
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
		uint64_t keeps; /* accesses that it makes with them late */
		uint64_t shown; /* slice that has seen them, as its own */
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

#define LIMIT_NAMES 8
#define REFUSALS_MAX 100 /* in a trace */

enum sysv_kind { SYSV_SEGMENT, SYSV_SEMAPHORES, SYSV_QUEUE };

struct engine {
	const struct run_spec *spec;
	struct run_outcome *out;
	struct jail *jail;
	const struct jail_spec *jail_spec; /* how that was asked for */
	struct run_limits limits;
	struct clock clock;
	struct schedule schedule;
	struct names names;
	struct names objects; /* of operation.c, by first use */
	struct task **tasks;  /* by number; the trace has the same numbers */
	size_t count, capacity;
	/* those of them that have not ended, by number; who ended since the
	   last choice may still be there */
	struct task **alive;
	size_t alive_count, alive_capacity;
	bool deaths;
	size_t settled; /* tasks from 1 up to it have ended and are reaped */
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
	int64_t readings;    /* of time stamps, which advance by being read */
	bool signals_dirty;  /* anybody may have got a signal ... */
	bool signals_marked; /* ... or some process: its own mark */
	bool fifos;          /* the program has made a FIFO */
	bool pidfds;         /* ... or a pidfd */
	bool sigio;          /* ... or asked for SIGIO */
	bool notifies;       /* ... or for signals of a message queue */
	int refusals;        /* recorded so far */
	int refused_forks;
	const char *noted[LIMIT_NAMES]; /* limits hit so far */
	/* steps and looks at memory, see engine.c: at this instant; and by the
	   current task since another ran */
	uint64_t instant_work, row_work;
	int halvings;        /* of the patience with such work */
	int64_t steps_alone; /* of others since main ended */
	size_t sockets;      /* made, as far as not counted anew since */
	struct space space;
	struct sysv {
		struct sysv_object {
			enum sysv_kind kind;
			int id;
			int64_t bytes;
			bool removed; /* asked for; see call_sysv.c */
		} * objects;
		size_t count, capacity;
		int64_t bytes; /* of all */
	} sysv;
	bool zero_waits; /* some semop has waited for a zero */
	bool pinned;
	int stdin_fd;             /* ours; what 0 inside refers to at first */
	int stdout_fd, stderr_fd; /* ours; what 1 and 2 inside refer to */
	int namespace_fd;         /* the jail's, of pids; -1 none */
	pid_t own_pid;            /* the tracer's; see file_note_streams() */
	struct file *streams;     /* what stdout_fd and stderr_fd are; owned */
	uint64_t openings;        /* of files, so far */
	bool memory_shared;       /* two processes have the same memory */
	bool files_shared;        /* two processes have the same descriptors */
	uint64_t work_dev; /* the file system of the program's folder, or 0 */
	uint64_t pipe_dev, pipe_ino; /* standard output's if a pipe, or 0 */
	int64_t output_bytes;
	int64_t cpu_ns;     /* of ended tasks */
	int64_t started_ns; /* real time */
	int64_t checked_ns; /* of the last look at what is used */
	bool stop;          /* the run is over */
	bool quiet;         /* clearing up: nothing more is recorded */
	uint8_t stack_depths[STACK_DEPTHS]; /* see unwind.c */
	bool left_zombies; /* somebody ended before it reaped its children */
	bool had_sysv;     /* somebody got a System V object */
	bool retries_left; /* one round more before a deadlock is sure */
	struct watched {
		char *content;
		size_t length;
		bool exists;
		uint64_t dev, ino;
		const char *name;
		/* who last loaded from its mapping, stored there: */
		struct touch {
			int task;
			uint64_t slice;
			bool anew; /* not in the slice before as well */
		} loaded, stored;
	} * watched;
	size_t watched_count;
	bool watched_mapped; /* shared, by some task */
	uint64_t accesses;   /* scheduling points at memory so far */
	uint64_t attempts;   /* ... at locks in memory */
	bool sampled;        /* from here on some accesses are left out */
	uint64_t access_random;
	int delayed_stores; /* tasks whose stores are under way */
	int memfds;         /* made so far */
	int timerfds;
	int64_t clock_moves;
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
	size_t starts_done; /* of spec.starts, by time */
	bool main_over;     /* its last instant is: time goes on without it */
	bool left_noted;    /* EVENT_LEFT of all who lived then */
	size_t faults_counted; /* scheduling points that were chances */
	struct task *delayed;  /* by RUN_FAULT_DELAY_READ */
	const char *delayed_object;
	struct task *forced; /* the next to run, whatever the policy says */
	struct err *err;
	int error; /* trouble of the grader, negative errno */
};

/* The task that runs does something that costs time: LOOKS at memory. */
void engine_worked(struct engine *engine, uint64_t looks);

/* engine.c */
/* Could it be chosen? */
bool engine_can_run(const struct engine *engine, const struct task *task);
int engine_run(struct engine *engine);
void engine_event(struct engine *engine, struct event *event);
void engine_event_data(struct engine *engine, struct event *event,
	const void *text, size_t length, const void *after,
	size_t after_length);
void engine_stop(struct engine *engine, enum run_end end, const char *call);
/* The run ends with main; who is alive is told to be left. */
void engine_end_after_main(struct engine *engine);
/*
 * True when main has ended and nothing that it left behind is to be followed to
 * the moment NEXT; the run has ended then.
 */
bool engine_is_over(struct engine *engine, int64_t next_ns);
/* The run ends: the program used what the engine does not model. */
void engine_unsupported(
	struct engine *engine, struct task *task, const char *what);
int engine_trouble(struct engine *engine, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
struct event task_event(const struct engine *engine, enum event_kind kind,
	const struct task *task);

/* usage.c */
/* The run ends: it has come to the limit of that name. */
void engine_limit(struct engine *engine, const char *name, int64_t value);
/* The same, but the program only gets an error and goes on.  Told once. */
void engine_note_limit(struct engine *engine, struct task *task,
	const char *name, int64_t value);
/*
 * The same, and what the program makes of the error is all that is judged.
 * False: it was told before.
 */
bool engine_tell_limit(struct engine *engine, struct task *task,
	const char *name, int64_t value);
/*
 * CPU, memory, wall.  The running task RUNS, or is in a stop that we have been
 * told of: then a limit does not kill it, as that would end the stop under us.
 */
void engine_check_usage(struct engine *engine, bool runs);
/* Memory that a process takes, by the text of its /proc/PID/statm. */
int64_t usage_memory(const char *statm);
int64_t engine_task_cpu_ns(const struct task *task);
int64_t engine_wall_ns(void);

/* call_sysv.c */
/* The most memory that what shmget, semget or msgget makes can hold. */
int64_t sysv_cost(int number, uint64_t size);

/* deadlock.c */
/* The run ends: nobody can ever go on. */
void engine_deadlock(struct engine *engine);

/* instances.c */
/* The first start is over: main stands at its first instruction. */
void instances_note(
	struct engine *engine, struct task *main, const char *const *argv);
void instances_arm(struct engine *engine);
/* Starts those whose time has come. */
void instances_start(struct engine *engine);
bool instances_are_due(const struct engine *engine); /* one is still to come */

/* look.c */
/* The process that FAULT is about, its first task, or NULL: none lives. */
struct task *look_for(struct engine *engine, const struct run_fault *fault);
/* Whose number stands in the file, if it lives. */
struct task *look_named(struct engine *engine, const char *file);
/* Its state (unless it is NULL) and the working folder, into the trace. */
void look_record(struct engine *engine, struct task *task);

/* operation.c */
/*
 * What the task is about to do.  When the policy does not look at it, only
 * its number and role.
 */
void operation_describe(struct engine *engine, struct task *task,
	struct schedule_candidate *to);

/* output.c */
/* The process' bytes for stdout (0) or stderr (1): lines become events. */
void output_add(struct engine *engine, struct task *task, int stream,
	const char *data, size_t length);
/* The last line, without its newline, as the process has ended. */
void output_flush(struct engine *engine, struct task *leader);

#endif
