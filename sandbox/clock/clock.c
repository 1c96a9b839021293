#include "clock/clock.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

void clock_release(struct clock *clock)
{
	free(clock->timers);
	memset(clock, 0, sizeof(*clock));
}

void clock_advance(struct clock *clock, int64_t moment_ns)
{
	assert(moment_ns >= clock->now_ns);
	clock->now_ns = moment_ns;
}

int clock_timer_add(struct clock *clock, int kind, int owner)
{
	grow_array(&clock->timers, clock->count, &clock->capacity,
		sizeof(*clock->timers));
	clock->timers[clock->count++] = (struct clock_timer){
		.id = ++clock->next_id,
		.kind = kind,
		.owner = owner,
		.deadline_ns = CLOCK_NEVER,
	};
	return clock->next_id;
}

struct clock_timer *clock_timer_find(struct clock *clock, int id)
{
	size_t i;

	for (i = 0; i < clock->count; i++)
		if (clock->timers[i].id == id)
			return &clock->timers[i];
	return NULL;
}

static void remove_at(struct clock *clock, size_t i)
{
	clock->count--;
	memmove(&clock->timers[i], &clock->timers[i + 1],
		(clock->count - i) * sizeof(*clock->timers));
}

void clock_timer_remove(struct clock *clock, int id)
{
	size_t i;

	for (i = 0; i < clock->count; i++) {
		if (clock->timers[i].id == id) {
			remove_at(clock, i);
			return;
		}
	}
}

void clock_timer_remove_owned(struct clock *clock, int kind, int owner)
{
	size_t i = 0;

	while (i < clock->count) {
		if (clock->timers[i].kind == kind &&
			clock->timers[i].owner == owner)
			remove_at(clock, i);
		else
			i++;
	}
}

int64_t clock_next_timer(const struct clock *clock)
{
	int64_t next = CLOCK_NEVER;
	size_t i;

	for (i = 0; i < clock->count; i++)
		if (clock->timers[i].deadline_ns < next)
			next = clock->timers[i].deadline_ns;
	return next;
}

int clock_expire_one(struct clock *clock)
{
	struct clock_timer *first = NULL;
	size_t i;

	for (i = 0; i < clock->count; i++) {
		struct clock_timer *timer = &clock->timers[i];

		if (timer->deadline_ns > clock->now_ns)
			continue;
		if (!first || timer->deadline_ns < first->deadline_ns)
			first = timer;
	}
	if (!first)
		return 0;
	first->overruns++;
	if (first->interval_ns > 0)
		first->deadline_ns =
			clock_after(first->deadline_ns, first->interval_ns);
	else
		first->deadline_ns = CLOCK_NEVER;
	return first->id;
}

int64_t clock_time_of_day(const struct clock *clock)
{
	return CLOCK_REALTIME_BASE_NS + clock->later_ns + clock->up_ns +
	       clock->now_ns;
}

int64_t clock_since_boot(const struct clock *clock)
{
	return CLOCK_MONOTONIC_BASE_NS + clock->up_ns + clock->now_ns;
}

bool clock_read(const struct clock *clock, clockid_t id, int64_t cpu_ns,
	int64_t *out_ns)
{
	switch (id) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
	case CLOCK_REALTIME_ALARM:
	case CLOCK_TAI:
		*out_ns = clock_time_of_day(clock);
		return true;
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
	case CLOCK_BOOTTIME_ALARM:
		*out_ns = clock_since_boot(clock);
		return true;
	default:
		/* negative: CPU-time clock of a process or thread */
		if (id > CLOCK_TAI)
			return false;
		*out_ns = cpu_ns;
		return true;
	}
}

bool clock_moment_of(const struct clock *clock, clockid_t id, int64_t value_ns,
	int64_t *moment_ns)
{
	int64_t shown;

	if (id < 0 || id == CLOCK_PROCESS_CPUTIME_ID ||
		id == CLOCK_THREAD_CPUTIME_ID)
		return false;
	if (!clock_read(clock, id, 0, &shown))
		return false;
	*moment_ns = value_ns - (shown - clock->now_ns);
	return true;
}

bool clock_from_timespec(const struct timespec *value, int64_t *out_ns)
{
	if (value->tv_sec < 0 || value->tv_nsec < 0 ||
		value->tv_nsec > 999999999)
		return false;
	if (value->tv_sec >= INT64_MAX / 1000000000 - 1)
		*out_ns = CLOCK_NEVER - 1;
	else
		*out_ns = value->tv_sec * INT64_C(1000000000) + value->tv_nsec;
	return true;
}

bool clock_from_timeval(const struct timeval *value, int64_t *out_ns)
{
	const int64_t most = INT64_MAX / 1000000000 - 2;
	int64_t more = value->tv_usec / 1000000;

	if (value->tv_sec < 0 || value->tv_usec < 0)
		return false;
	if (value->tv_sec > most || more > most - value->tv_sec)
		*out_ns = CLOCK_NEVER - 1;
	else
		*out_ns = (value->tv_sec + more) * INT64_C(1000000000) +
			  value->tv_usec % 1000000 * 1000;
	return true;
}

struct timespec clock_to_timespec(int64_t ns)
{
	struct timespec value;

	if (ns < 0)
		ns = 0;
	value.tv_sec = (time_t)(ns / 1000000000);
	value.tv_nsec = (long)(ns % 1000000000);
	return value;
}

int64_t clock_after(int64_t now_ns, int64_t duration_ns)
{
	if (duration_ns <= 0)
		return now_ns;
	if (duration_ns >= CLOCK_NEVER - 1 - now_ns)
		return CLOCK_NEVER - 1;
	return now_ns + duration_ns;
}
