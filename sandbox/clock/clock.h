/*
 * Virtual time: nanoseconds since the program's start.  Pure: it moves only
 * when it is told to.
 *
 * The program's clocks are this time plus a base, so that they look like
 * clocks of a real machine.  The time of day may start later by what the run
 * says: programs draw their random numbers from it.  And the machine may have
 * been up for another time when the program starts, which moves all of them.
 */
#ifndef CLOCK_CLOCK_H
#define CLOCK_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/time.h>
#include <time.h>

#define CLOCK_NEVER INT64_MAX
/* clock_timer.kind */
#define CLOCK_TIMER_ALARM 0 /* ITIMER_REAL of the owner */
#define CLOCK_TIMER_POSIX 1
#define CLOCK_TIMER_FD 2
#define CLOCK_TIMER_FAULT 3 /* only stops the clock at its moment */
#define CLOCK_REALTIME_BASE_NS (INT64_C(1767225600) * 1000000000)
#define CLOCK_MONOTONIC_BASE_NS (INT64_C(1000) * 1000000000)

/* What runs out at a moment: a row of struct clock's timers. */
struct clock_timer {
	int id;              /* > 0, unique in the clock */
	int kind;            /* the owner's own meaning */
	int owner;           /* the owner's own number */
	int64_t deadline_ns; /* CLOCK_NEVER = disarmed */
	int64_t interval_ns; /* 0 = once */
	int64_t overruns;    /* expirations that nobody took yet */
};

struct clock {
	int64_t now_ns;
	int64_t later_ns; /* the time of day at the start, after its base */
	int64_t up_ns;    /* all clocks at the start, after their bases */
	struct clock_timer *timers;
	size_t count, capacity;
	int next_id;
};

void clock_release(struct clock *clock);

/* What CLOCK_REALTIME shows now. */
int64_t clock_time_of_day(const struct clock *clock);
/* What CLOCK_MONOTONIC shows now. */
int64_t clock_since_boot(const struct clock *clock);

/* Moves to MOMENT_NS, which is not in the past. */
void clock_advance(struct clock *clock, int64_t moment_ns);

/* Adds a disarmed timer; returns its id. */
int clock_timer_add(struct clock *clock, int kind, int owner);
struct clock_timer *clock_timer_find(struct clock *clock, int id);
void clock_timer_remove(struct clock *clock, int id);
/* Removes all of OWNER's timers of KIND. */
void clock_timer_remove_owned(struct clock *clock, int kind, int owner);

/* Earliest deadline of all timers, CLOCK_NEVER if none is armed. */
int64_t clock_next_timer(const struct clock *clock);

/*
 * Takes one timer that has run out by now (lowest deadline, then lowest id):
 * re-arms or disarms it and returns its id, 0 when none has run out.
 */
int clock_expire_one(struct clock *clock);

/*
 * The value of a POSIX clock now, in *OUT; false for a clock that does not
 * exist.  CPU-time clocks read CPU_NS.
 */
bool clock_read(const struct clock *clock, clockid_t id, int64_t cpu_ns,
	int64_t *out_ns);

/*
 * The moment (virtual ns) at which clock ID shows VALUE_NS; false for a
 * clock that cannot be waited for.
 */
bool clock_moment_of(const struct clock *clock, clockid_t id, int64_t value_ns,
	int64_t *moment_ns);

/* tv_nsec in 0..999999999 and tv_sec >= 0, else false.  Saturates. */
bool clock_from_timespec(const struct timespec *value, int64_t *out_ns);
/*
 * The same of a time with microseconds, of which there may be any number, as
 * select(2) takes it.
 */
bool clock_from_timeval(const struct timeval *value, int64_t *out_ns);
struct timespec clock_to_timespec(int64_t ns);

/* NOW + DURATION without overflow; never past CLOCK_NEVER - 1. */
int64_t clock_after(int64_t now_ns, int64_t duration_ns);

#endif
