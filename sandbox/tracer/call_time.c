/*
 * Clocks and sleeps.  Clocks show virtual time, which stands still while
 * the program computes; a sleep costs nothing.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>

#include "tracer/calls.h"
#include "tracer/memory.h"
#include "tracer/wait.h"

/* A result of this size into the program's memory, or EFAULT. */
static enum call_action give(
	struct task *task, uint64_t address, const void *data, size_t length)
{
	task->progressed = false;
	task->result = 0;
	if (address && !memory_write(task, address, data, length))
		task->result = -EFAULT;
	return CALL_DONE;
}

/*
 * CPU time is not measured, or it would differ.  It goes with the virtual time
 * in which the task did not wait, so that a loop that burns some of it comes to
 * an end, and one that sleeps sees none go by.
 */
static int64_t cpu_reading(const struct engine *engine, const struct task *task)
{
	return engine->clock.now_ns - task->idle_ns + 1000000;
}

static enum call_action sleep_over(struct task *task)
{
	task->progressed = task->wait.started;
	task->result = 0;
	return CALL_DONE;
}

static enum call_action sleep_until(
	struct engine *engine, struct task *task, int64_t deadline_ns)
{
	/* stopped and continued: it sleeps on to the moment it had */
	if (task->resumes)
		deadline_ns = task->resume_ns;
	if (!task->wait.started && deadline_ns <= engine->clock.now_ns)
		return sleep_over(task);
	return wait_for(engine, task, WAIT_TIME, NULL, deadline_ns);
}

enum call_action enter_nanosleep(struct engine *engine, struct task *task)
{
	struct timespec value;
	int64_t duration;

	if (task->wait.woken == WAKE_TIMEOUT)
		return sleep_over(task);
	if (!memory_read(task, task->args[0], &value, sizeof(value))) {
		task->result = -EFAULT;
		return CALL_DONE;
	}
	if (!clock_from_timespec(&value, &duration)) {
		task->result = -EINVAL;
		return CALL_DONE;
	}
	return sleep_until(
		engine, task, clock_after(engine->clock.now_ns, duration));
}

enum call_action enter_clock_nanosleep(struct engine *engine, struct task *task)
{
	struct timespec value;
	int64_t ns, moment;

	if (task->wait.woken == WAKE_TIMEOUT)
		return sleep_over(task);
	if (!memory_read(task, task->args[2], &value, sizeof(value))) {
		task->result = -EFAULT;
		return CALL_DONE;
	}
	if (!clock_from_timespec(&value, &ns) ||
		!clock_moment_of(&engine->clock, (clockid_t)task->args[0], ns,
			&moment)) {
		task->result = -EINVAL;
		return CALL_DONE;
	}
	if (!(task->args[1] & TIMER_ABSTIME))
		moment = clock_after(engine->clock.now_ns, ns);
	return sleep_until(engine, task, moment);
}

/* The time that was left goes to where nanosleep(2) puts it. */
void interrupted_sleep(struct engine *engine, struct task *task)
{
	bool by_clock = task->call->flags & CALL_CLOCK_ARGUMENT;
	uint64_t address = task->args[by_clock ? 3 : 1];
	struct timespec left;

	if (!address || (by_clock && (task->args[1] & TIMER_ABSTIME)))
		return;
	left = clock_to_timespec(task->wait.deadline_ns - engine->clock.now_ns);
	memory_write(task, address, &left, sizeof(left));
}

enum call_action enter_clock_gettime(struct engine *engine, struct task *task)
{
	struct timespec value;
	int64_t ns;

	if (!clock_read(&engine->clock, (clockid_t)task->args[0],
		    cpu_reading(engine, task), &ns)) {
		task->result = -EINVAL;
		return CALL_DONE;
	}
	value = clock_to_timespec(ns);
	return give(task, task->args[1], &value, sizeof(value));
}

enum call_action enter_clock_getres(struct engine *engine, struct task *task)
{
	struct timespec value = {0, 1};
	int64_t ns;

	if (!clock_read(&engine->clock, (clockid_t)task->args[0], 0, &ns)) {
		task->result = -EINVAL;
		return CALL_DONE;
	}
	return give(task, task->args[1], &value, sizeof(value));
}

enum call_action enter_gettimeofday(struct engine *engine, struct task *task)
{
	int64_t ns = clock_time_of_day(&engine->clock);
	struct timeval value = {ns / 1000000000, ns / 1000 % 1000000};
	const int32_t zone[2] = {0, 0};

	if (task->args[1])
		give(task, task->args[1], zone, sizeof(zone));
	return give(task, task->args[0], &value, sizeof(value));
}

enum call_action enter_time(struct engine *engine, struct task *task)
{
	int64_t seconds = clock_time_of_day(&engine->clock) / 1000000000;

	give(task, task->args[0], &seconds, sizeof(seconds));
	if (task->result == 0)
		task->result = seconds;
	return CALL_DONE;
}

enum call_action enter_times(struct engine *engine, struct task *task)
{
	const struct tms used = {0};

	give(task, task->args[0], &used, sizeof(used));
	if (task->result == 0)
		task->result =
			(long)(clock_since_boot(&engine->clock) / 10000000);
	return CALL_DONE;
}

enum call_action enter_getrusage(struct engine *engine, struct task *task)
{
	struct rusage used;
	int64_t ns = cpu_reading(engine, task);

	memset(&used, 0, sizeof(used));
	used.ru_utime.tv_usec = ns / 1000 % 1000000;
	used.ru_utime.tv_sec = ns / 1000000000;
	return give(task, task->args[1], &used, sizeof(used));
}

/* Written at once: a program may ask for 32 MiB as often as it likes. */
#define RANDOM_WORDS 4096

enum call_action enter_getrandom(struct engine *engine, struct task *task)
{
	uint64_t words[RANDOM_WORDS], length = task->args[1], done = 0;
	size_t part;

	if (length > 33554431)
		length = 33554431;
	while (done < length) {
		part = length - done < sizeof(words) ? (size_t)(length - done)
						     : sizeof(words);
		for (size_t i = 0; i * sizeof(*words) < part; i++)
			words[i] = schedule_random(&engine->guest_random);
		if (!memory_write(task, task->args[0] + done, words, part)) {
			task->result = -EFAULT;
			return CALL_DONE;
		}
		done += part;
	}
	task->result = (long)done;
	return CALL_DONE;
}
