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
#include "scheduler/switches.h"
#include "trace/trace.h"

enum run_stdout { RUN_STDOUT_TERMINAL, RUN_STDOUT_PIPE };

/* A file of the working folder, before or after the run. */
struct run_file {
	char *name; /* one path component */
	char *data; /* NUL behind it, not counted */
	size_t length;
	bool watched; /* in: write events carry its whole content */
	bool regular; /* out: false for anything else, data then NULL */
};

struct run_limits {
	int processes;        /* live tasks at once */
	int64_t virtual_us;   /* virtual time */
	int64_t cpu_us;       /* CPU time of all tasks together */
	int64_t wall_us;      /* real time of the run */
	int64_t memory_bytes; /* resident, all processes and the tmpfs */
	int64_t disk_bytes;   /* work folder, /tmp and /dev/shm together */
	int64_t output_bytes; /* stdout and stderr together */
	int64_t steps;        /* scheduling points */
};

/* What ended the run. */
enum run_end {
	RUN_END_EXITED,      /* main ended (and time would have gone on) */
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
};

struct run_fault {
	enum run_fault_kind kind;
	int nth; /* from 0 */
	int64_t at_us;
	int64_t for_us;
	const char *object; /* file name, borrowed */
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
	size_t stdin_length;
	enum run_stdout stdout_kind;
	const struct run_file *files; /* initial working folder, borrowed */
	size_t file_count;
	struct run_limits limits; /* a zero field = RUN_LIMITS_DEFAULT's */
	enum schedule_policy policy;
	uint64_t seed;
	const uint32_t *choices; /* replay log, or NULL */
	size_t choice_count;
	const struct schedule_switch *switches; /* choices that are fixed,
						   borrowed */
	size_t switch_count;
	const struct run_fault *faults;
	size_t fault_count;
	bool allow_unix_sockets;
	uint64_t code_low, code_high; /* the student's own code in the ELF:
					 event.pc lies in it; 0, 0 = unknown */
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
	uint32_t *choices; /* the schedule, for replay */
	size_t choice_count;
	/* its departures from run-to-block: with these as run_spec.switches
	   and the same seed, run-to-block is the same run again */
	struct schedule_switch *switches;
	size_t switch_count;
	size_t steps;            /* scheduling points passed */
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

void run_outcome_release(struct run_outcome *outcome);

#endif
