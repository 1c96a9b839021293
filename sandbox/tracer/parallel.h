/*
 * A program without a schedule: all its tasks run at once, on all
 * processors, and the tracer keeps only time.
 *
 * Time is virtual as in the engine, and for the same reasons: a sleep costs
 * nothing, computing takes no time, and what a loaded machine does beside is
 * not seen.  The clock stands still while a task is running, and jumps to the
 * next deadline when all are asleep (stillness is proved, see
 * parallel_still.c).  A task that has used up PARALLEL_SPIN_NS of processor
 * time since the last jump waits busily, or might as well: it is no reason
 * for the others to wait longer.
 *
 * So that it can wake a sleeper, the tracer stops calls with a time-out at
 * their entry, lets them in without it, and interrupts them when their moment
 * has come (parallel_wait.c).  Output stops too, or lines of several
 * processes could not be told apart.  Everything else runs free.
 */
#ifndef TRACER_PARALLEL_H
#define TRACER_PARALLEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/user.h>

#include "base/buf.h"
#include "base/err.h"
#include "clock/clock.h"
#include "jail/jail.h"
#include "run.h"

#define PARALLEL_SPIN_NS (20 * INT64_C(1000000))
/* no deadline left, and whoever runs has run so long: the end */
#define PARALLEL_STUCK_NS (150 * INT64_C(1000000))
#define PARALLEL_TICK_NS (1000 * INT64_C(1000))

/* A call with a time-out that the task is in; see parallel_wait.c. */
struct parallel_wait {
	bool on;
	bool fired; /* its moment has come, it was interrupted */
	struct user_regs_struct regs; /* at its entry */
	int64_t deadline_ns;
	long result;   /* when it runs out */
	bool clears;   /* select(2): empties the sets then */
	bool fragile;  /* a signal without a handler must not end it */
	uint64_t left; /* where the rest of the sleep goes, 0 = nowhere */
};

struct parallel_task {
	pid_t tid, tgid;
	int number; /* in the trace; a thread has its own */
	bool dead;
	struct parallel_wait wait;
	uint64_t resume_rip; /* a call that is restarted keeps its deadline */
	int64_t resume_ns;
	bool resumes; /* the call at which it stands is such a one */
	int syscall_fd, stat_fd, schedstat_fd; /* /proc/TID/…, -1 when dead */
	int readings;          /* of clocks, since it did anything else */
	uint64_t turns;        /* on a processor, at the last look */
	int64_t cpu_ns;        /* used when the clock last moved */
	struct buf partial[2]; /* of the process, kept by its first thread */
};

struct parallel {
	const struct run_spec *spec;
	const struct run_limits *limits;
	struct run_outcome *out;
	struct jail *jail;
	struct err *err;
	int stdout_fd, stderr_fd, drain_fd;
	struct clock clock;
	struct parallel_task **tasks; /* the dead stay, by order of birth */
	size_t count, capacity, live;
	int64_t started_ns, output_bytes;
	int sockets;        /* that were ever made */
	int64_t sysv_bytes; /* that System V objects can hold */
	int64_t census_ns;  /* when memory was last looked at */
	int silent;         /* ticks without a report or a deadline */
	int64_t spun_ns; /* by the task of those running that has spun least */
	bool stuck;      /* no deadline is left, and some are busy */
	bool stop;
	int error;
};

/* Runs it from the seizing of main to the end, and kills what is left. */
int parallel_main(struct parallel *run);
void parallel_release(struct parallel *run);

/* For the parts. */
int64_t parallel_wall_ns(void);
void parallel_end(struct parallel *run, enum run_end end, const char *name);
struct parallel_task *parallel_leader(
	struct parallel *run, const struct parallel_task *task);
void parallel_event(struct parallel *run, enum event_kind kind, int task);
void parallel_output(struct parallel *run, struct parallel_task *task,
	int stream, const char *data, size_t length);

bool parallel_read(const struct parallel_task *task, uint64_t address,
	void *data, size_t length);
bool parallel_write(const struct parallel_task *task, uint64_t address,
	const void *data, size_t length);

/* A stop at the entry of a call; the task has been resumed afterwards. */
void parallel_call_entry(struct parallel *run, struct parallel_task *task);
/* The same, if it is one with a time-out; else nothing is done, and false. */
bool parallel_wait_entry(struct parallel *run, struct parallel_task *task,
	const struct user_regs_struct *regs);
/* The task goes on; its call is made, or it is not and RESULT is seen. */
void parallel_go_on(const struct parallel_task *task);
void parallel_answer(const struct parallel_task *task,
	const struct user_regs_struct *regs, long result);
/* The exit of a call with a time-out. */
void parallel_call_exit(struct parallel *run, struct parallel_task *task);
/* Wakes whose moment has come. */
void parallel_fire(struct parallel *run);
int64_t parallel_next_deadline(const struct parallel *run);

enum parallel_stillness {
	PARALLEL_BUSY,    /* a task is running, or has something to report */
	PARALLEL_STILL,   /* all were asleep at one moment: proved */
	PARALLEL_SPINNING /* all others were, and those that run only spin */
};
enum parallel_stillness parallel_look(struct parallel *run);
/* Memory of all processes together. */
int64_t parallel_resident(const struct parallel *run);
/* The clock has moved, or a task is gone: who runs is given time anew. */
void parallel_forgive(struct parallel *run);
void parallel_open_proc(struct parallel_task *task);
void parallel_close_proc(struct parallel_task *task);

#endif
