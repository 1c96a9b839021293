/*
 * The facade of the sandbox: one program in, one trace and outcome out.
 *
 * run_program() starts the program in a fresh jail, owns its clock and its
 * scheduler until it has ended (or a limit, or a proved deadlock, ends it),
 * takes every process down, and hands back plain values.  The same program,
 * input, policy and seed give the same trace to the byte.
 */
#ifndef SANDBOX_RUN_H
#define SANDBOX_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "jail/jail.h"
#include "scheduler/policy.h"
#include "scheduler/profile.h"
#include "scheduler/switches.h"
#include "trace/trace.h"

#define RUN_STDIN_MAX (1024 * 1024)

enum run_stdout { RUN_STDOUT_TERMINAL, RUN_STDOUT_PIPE };

/* A file of the working folder, before or after the run. */
struct run_file {
	char *name; /* one path component */
	char *data; /* NUL behind it, not counted */
	size_t length;
	bool watched; /* in: write events carry its whole content */
	bool regular; /* out: false for anything else, data then NULL */
};

#define RUN_CALL_BYTES 64

struct run_limits {
	int processes;        /* live tasks at once */
	int processes_made;   /* tasks over the whole run */
	int open_files;       /* descriptors of one process */
	int64_t virtual_us;   /* virtual time */
	int64_t cpu_us;       /* CPU time of all tasks together */
	int64_t wall_us;      /* real time of the run */
	int64_t memory_bytes; /* resident, all processes and the tmpfs */
	int64_t disk_bytes;   /* work folder, /tmp and /dev/shm together */
	int64_t output_bytes; /* stdout and stderr together; a call counts as
				 RUN_CALL_BYTES at least */
	int64_t steps;        /* scheduling points */
	int64_t trace_bytes;  /* memory of the trace */
};

/* What ended the run. */
enum run_end {
	RUN_END_EXITED,      /* main ended (and time would have gone on), or
				all did: spec.outlives_main; also when what it
				left behind was followed, however that ends */
	RUN_END_DEADLOCK,    /* nothing could ever run again */
	RUN_END_LIMIT,       /* see outcome.limit */
	RUN_END_DENIED,      /* killed for a forbidden call: outcome.call */
	RUN_END_UNSUPPORTED, /* outcome.call is not modelled: judge nothing */
};

/* Something done to the program that it did not ask for. */
enum run_fault_kind {
	RUN_FAULT_NONE,
	RUN_FAULT_KILL_MAIN,   /* SIGKILL to main at virtual time at_us */
	RUN_FAULT_KILL_HOLDER, /* SIGKILL to the nth task that begins to read
				  file object for its second time: it is in
				  its critical section */
	RUN_FAULT_STOP_CHILD,  /* child number nth is stopped at its first
				  wake-up at or after at_us, for for_us */
	RUN_FAULT_LATE_CHILD,  /* child number nth begins for_us after it was
				  made */
	RUN_FAULT_DELAY_READ,  /* the nth task's open of file object is held
				  until another task truncated or wrote it */
	/*
	 * The kinds from here on count their chances, from 0 and from at_us
	 * on, and meet chance number nth; see run_outcome.fault_chances.
	 * (KILL_HOLDER counts its own there too.)
	 */
	RUN_FAULT_KILL_MAIN_AT, /* SIGKILL to main before the program's nth
				   scheduling point, anybody's */
	RUN_FAULT_EINTR,        /* the nth call that would wait fails with
				   EINTR, as if a handler had run that the
				   process has installed: signal(7) */
	RUN_FAULT_SHORT_READ,   /* the nth read that would get 2 bytes or more
				   of a regular file, pipe or stream gets
				   fewer */
	RUN_FAULT_SHORT_WRITE,  /* the same of a write.  One into a pipe that
				   waits is atomic up to PIPE_BUF bytes, and
				   never cut then: pipe(7) */
	RUN_FAULT_FORK_EAGAIN,  /* the nth fork, clone or vfork fails */
	RUN_FAULT_ENOSPC,       /* the disk is full: the nth write to a
				   regular file and all after it fail */
	RUN_FAULT_SLOW_CALL,    /* who comes to its nth call that others could
				   notice makes it for_us later */
	/*
	 * These two are about one process: the one whose number stands in the
	 * file object, if such a one lives, else the first that lives on after
	 * who made it, else the first that lives.
	 */
	RUN_FAULT_LOOK,   /* nothing is done: its state and the files of the
			     working folder are put into the trace */
	RUN_FAULT_SIGNAL, /* it is sent the signal */
};

/* Who a fault is for: RUN_FAULT_CHILD + n is main's descendant number n. */
#define RUN_FAULT_ANYBODY 0
#define RUN_FAULT_MAIN 1
#define RUN_FAULT_CHILD 2

struct run_fault {
	enum run_fault_kind kind;
	int nth; /* from 0 */
	int64_t at_us;
	int64_t for_us;
	const char *object; /* file name, borrowed; NULL = any */
	/* of the kinds that count chances */
	int who;          /* whose calls count, see above */
	const char *call; /* borrowed; only this system call; NULL = any */
	int64_t bytes;    /* that a short call transfers; 0 = half of them */
	bool repeat;      /* SHORT_*, FORK_EAGAIN: from the nth on, each */
	/* of LOOK and SIGNAL */
	bool main_ended; /* when main's last instant is over, not at at_us */
	bool readable;   /* as soon as main has ended and the number of one
			    that lives stands in object, though the instant
			    goes on; not at at_us */
	int signal;
};

/* The program is started once more, beside what runs, in the same files. */
struct run_start {
	int64_t at_us;
	const char *const *argv; /* borrowed; NULL = the run's own */
};

/*
 * How the frame of the caller is found from a pc, on x86-64: a row of the
 * program's call frame information.  CFA is what rsp is after the return.
 */
struct unwind_row {
	bool from_rbp;       /* CFA is cfa_offset + rbp, else + rsp */
	bool saves_rbp;      /* the caller's is at CFA + rbp_offset, else
				rbp is the same */
	bool returns_to_rdi; /* the return address, else at CFA - 8 */
	bool is_signal;      /* a handler returns to here: rsp is at the
				kernel's ucontext, and nothing else counts */
	int32_t cfa_offset, rbp_offset;
};

/* False when nothing is known of PC. */
typedef bool unwind_fn(void *context, uint64_t pc, struct unwind_row *row);

struct run_spec {
	int program_fd;          /* static ELF, borrowed */
	const char *const *argv; /* NULL-terminated, borrowed */
	const char *stdin_data;  /* borrowed; NULL = empty */
	size_t stdin_length;     /* at most RUN_STDIN_MAX */
	enum run_stdout stdout_kind;
	const struct run_file *files; /* initial working folder, borrowed */
	size_t file_count;
	struct run_limits limits; /* a zero field = RUN_LIMITS_DEFAULT's */
	enum schedule_policy policy;
	uint64_t seed;
	const uint32_t *choices; /* replay log, or NULL */
	size_t choice_count;
	/* of the program's run-to-block run, for policies that need one;
	   borrowed, NULL = they choose as random does */
	const struct schedule_profile *profile;
	bool learn;            /* make outcome.profile */
	bool early_clock;      /* the clock may advance though a task could run:
				  a choice of its own, by policy or log */
	bool outlives_main;    /* the run goes on until the last process has
				  ended and the last start is over */
	int64_t after_main_us; /* what main leaves behind is an orphan at its
				  end, EVENT_LEFT, and is followed for so long
				  all the same: what it does is in the trace.
				  0 = the run ends; not with outlives_main */
	const struct run_start *starts; /* borrowed; only with outlives_main */
	size_t start_count;
	const struct schedule_switch *switches; /* choices that are fixed,
						   borrowed */
	size_t switch_count;
	const struct run_fault *faults;
	size_t fault_count;
	int first_pid; /* of main, 0 = the least there is */
	int64_t up_us; /* clocks show so much more at the start: its fraction
			  and its size are what sums of times go wrong by */
	bool allow_unix_sockets;
	uint64_t code_low, code_high; /* the student's own code in the ELF:
					 event.pc lies in it; 0, 0 = unknown */
	uint64_t hooks;     /* address of the state of hooks/hooks.h in the ELF,
			       0 = built without */
	uint64_t streams;   /* address of the pointer to the C library's chain
			       of open streams in the ELF, 0 = unknown */
	bool some_accesses; /* few accesses are scheduling points, and the
			       trace is no base for races: cheaper */
	bool store_buffer;  /* reads may overtake writes: see stores.c */
	/* walks the stack to that code; without it, event.pc is guessed */
	unwind_fn *unwind;
	void *unwind_context; /* borrowed */
};

struct run_outcome {
	struct trace trace;
	enum run_end end;
	int main_status; /* -1 unless main exited by itself */
	int main_signal; /* 0 unless a signal ended main */
	bool main_ended;
	int64_t main_end_us;    /* virtual time of main's end */
	const char *limit;      /* static name of the limit, or NULL */
	const char *call;       /* static name of the call, or NULL */
	struct run_file *files; /* working folder at the end, by name */
	size_t file_count;
	char **left_objects; /* IPC names left, "shm:/x", by name */
	size_t left_object_count;
	uint32_t *choices; /* the schedule, for replay: task numbers, or
			      SCHEDULE_CLOCK where the clock went on */
	uint32_t *widths;  /* of how many tasks each was one, without the
			      clock */
	size_t choice_count;
	/* its departures from run-to-block: with these as run_spec.switches
	   and the same seed, run-to-block is the same run again */
	struct schedule_switch *switches;
	size_t switch_count;
	bool diverged; /* from spec.choices: one could not be followed, and
			  from there on the policy chose */
	struct schedule_profile profile; /* when spec.learn */
	bool buffers_known; /* is the next known, as spec.streams was given? */
	bool buffer_lost;   /* with spec.streams: what was to go to standard
			       output   was still in a buffer when a process ended
			       or   executed another program */
	char *copied; /* with spec.streams: what was to go to standard output
			 and was still in a buffer when a process made
			 another with a memory of its own, which has it twice
			 from then on; the first such, NULL = none */
	bool looked;  /* it saw that a child had stopped, or ended and was not
			 reaped, or that a file was locked, of which the trace
			 says nothing */
	bool took_random; /* it asked for random bytes, which differ by seed */
	size_t steps;     /* scheduling points passed */
	size_t *fault_chances;   /* one a fault of the spec: how often it could
				    have come (0 for kinds that do not count) */
	int64_t cpu_us, wall_us; /* real; never part of a verdict */
};

extern const struct run_limits RUN_LIMITS_DEFAULT;

/*
 * Runs the program once.  Returns 0 whatever the program did, a negative
 * errno for trouble of the grader (then *OUTCOME is empty).  The caller
 * releases *OUTCOME.
 */
int run_program(const struct jail_context *context, const struct run_spec *spec,
	struct run_outcome *outcome, struct err *err);

/*
 * Runs the program once without a schedule: all its tasks at once, on all
 * processors, in virtual time (tracer/parallel.h).  Policy, seed, choices and
 * faults of SPEC do not count.  The trace of *OUTCOME has the lines of output
 * and who lived on (EVENT_LEFT), no more, and two runs may differ.
 * RUN_END_UNSUPPORTED: the program did something that only the engine models.
 * Real time is bounded by RUN_PARALLEL_WALL_US, thrice that where only busy
 * tasks are left. A run in which nothing but
 * busy tasks is left, and no deadline, ends early with the limit
 * RUN_LIMIT_BUSY: they wait for what never comes, or compute for very long.
 * -ENOTSUP where the jail has no namespaces: only there does such a program
 * stay inside.
 */
#define RUN_LIMIT_BUSY "busy" /* outcome.limit: only busy tasks are left */
#define RUN_PARALLEL_WALL_US INT64_C(1000000)
int run_parallel(const struct jail_context *context,
	const struct run_spec *spec, struct run_outcome *outcome,
	struct err *err);
/* Is it a system call that the engine models? */
bool run_knows_call(const char *name);

void run_outcome_release(struct run_outcome *outcome);

#endif
