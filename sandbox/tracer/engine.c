/*
 * The loop: time, choice, and the proof of a deadlock.
 */
#define _GNU_SOURCE
#include "tracer/engine.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "tracer/call_timer.h"
#include "tracer/faults.h"
#include "tracer/files.h"
#include "tracer/spin.h"
#include "tracer/stops.h"
#include "tracer/stores.h"
#include "tracer/task.h"
#include "tracer/wait.h"
#include "tracer/watch.h"

#define STEP_WORK 250    /* looks at memory that a step is worth */
#define WORK_MAX 5000000 /* some 20,000 steps */
#define PATIENCE_LEAST 8 /* the last of halvings: some 80 steps */
#define CHECK_MOVES 1024
#define UNSEEN_NS INT64_C(10000000) /* two ticks of run.c */
#define MOVES_A_STEP 4

#define FIRST_LOOK_NS 5000000

/* The grader's own memory is bounded too, whatever the program does. */
/* Who is to end with main needs a few steps; who has more is an orphan. */
#define STEPS_ALONE_MAX 10000

struct event task_event(const struct engine *engine, enum event_kind kind,
	const struct task *task)
{
	struct event event = event_make(kind, task ? task->number : -1);

	event.time_us = engine->clock.now_ns / 1000;
	if (task)
		event.pc = task->pc;
	return event;
}

/* A held task that does something again has woken up: said first. */
static void note_wake(struct engine *engine, const struct event *event)
{
	struct event wake;
	struct task *task;

	if (event->task < 0 || event->kind == EVENT_WAIT ||
		event->kind == EVENT_LOCK_WAIT || event->kind == EVENT_SLEEP ||
		event->kind == EVENT_DEADLOCK || event->kind == EVENT_LEFT ||
		event->kind == EVENT_WAKE)
		return;
	task = engine->tasks[event->task];
	if (!task->wait.started || engine->running != task)
		return;
	wake = task_event(engine, EVENT_WAKE, task);
	wake.object = task->wait.object;
	wake.call = task->call ? task->call->name : NULL;
	task->wait.started = false;
	trace_append(&engine->out->trace, &wake);
}

void engine_event_data(struct engine *engine, struct event *event,
	const void *text, size_t length, const void *after, size_t after_length)
{
	if (engine->quiet)
		return;
	note_wake(engine, event);
	trace_append_data(
		&engine->out->trace, event, text, length, after, after_length);
}

void engine_event(struct engine *engine, struct event *event)
{
	if (engine->quiet)
		return;
	note_wake(engine, event);
	trace_append(&engine->out->trace, event);
}

static bool is_held(const struct engine *engine, const struct task *task)
{
	if (task->held_until_ns <= engine->clock.now_ns)
		return false;
	/* a busy waiter sees whatever others do */
	return !task->idle_held || engine->changes == task->idle_mark;
}

bool engine_can_run(const struct engine *engine, const struct task *task)
{
	if (is_held(engine, task) || stores_let_others(engine, task))
		return false;
	if (task->state == TASK_READY)
		return true;
	return task->state == TASK_AT_CALL &&
	       (task->wait.kind == WAIT_NONE || task->wait.woken != WAKE_NOT);
}

static bool is_waiting(const struct task *task)
{
	return task->state == TASK_AT_CALL && task->wait.kind != WAIT_NONE &&
	       task->wait.woken == WAKE_NOT;
}

/* One poll() for all that wait for descriptors. */
static void look_at_polls(struct engine *engine)
{
	struct pollfd *all;
	size_t i, j, count = 0;

	for (i = 0; i < engine->alive_count; i++)
		if (is_waiting(engine->alive[i]))
			count += engine->alive[i]->wait.poll_count;
	if (count == 0)
		return;
	all = xcalloc(count, sizeof(*all));
	count = 0;
	for (i = 0; i < engine->alive_count; i++)
		if (is_waiting(engine->alive[i]))
			for (j = 0; j < engine->alive[i]->wait.poll_count; j++)
				all[count++] = engine->alive[i]->wait.polls[j];
	if (poll_now(all, count) > 0) {
		count = 0;
		for (i = 0; i < engine->alive_count; i++) {
			struct wait *wait = &engine->alive[i]->wait;

			if (!is_waiting(engine->alive[i]))
				continue;
			for (j = 0; j < wait->poll_count; j++)
				if (all[count++].revents)
					wait->woken = WAKE_READY;
		}
	}
	free(all);
}

/* It has come to a call and has done nothing of it. */
static bool is_before_call(const struct task *task)
{
	return task->state == TASK_AT_CALL && task->wait.kind == WAIT_NONE &&
	       !task->behind && !task->stepping_back && !task->again &&
	       task->io_done == 0;
}

/*
 * Who stands before a call is, to the program, on its way there: a signal that
 * ends it meets it there, and the call is never made.  The kernel, which has
 * the task at the call's entry already, would make it first.
 */
static void look_at_signals(struct engine *engine)
{
	size_t i;

	for (i = 0; i < engine->alive_count; i++) {
		struct task *task = engine->alive[i];

		if (!engine->signals_dirty && !task->process->signals_dirty)
			continue;
		if (is_before_call(task))
			task->ended_first = signals_fatal(task);
		if (!is_waiting(task))
			continue;
		if (task->wait.accepts &&
			(signals_pending(task) & task->wait.accepts))
			task->wait.woken = WAKE_READY;
		else if (signals_deliverable(engine, task))
			task->wait.woken = WAKE_SIGNAL;
	}
	for (i = 0; i < engine->alive_count; i++)
		engine->alive[i]->process->signals_dirty = false;
	engine->signals_dirty = engine->signals_marked = false;
}

static void look_at_deadlines(struct engine *engine)
{
	size_t i;

	for (i = 0; i < engine->alive_count; i++) {
		struct task *task = engine->alive[i];

		if (is_waiting(task) &&
			task->wait.deadline_ns <= engine->clock.now_ns)
			task->wait.woken = WAKE_TIMEOUT;
	}
	timers_expire(engine);
}

/* Of the tasks' deadlines, sleeps in vain aside, and the timers. */
static int64_t next_deadline(const struct engine *engine)
{
	int64_t next = clock_next_timer(&engine->clock);
	size_t i;

	for (i = 0; i < engine->alive_count; i++) {
		const struct task *task = engine->alive[i];

		if (task->state == TASK_DEAD)
			continue;
		if (is_held(engine, task) && task->held_until_ns < next)
			next = task->held_until_ns;
		if (is_waiting(task) && task->wait.deadline_ns < next &&
			!task->nap_futile)
			next = task->wait.deadline_ns;
	}
	return next;
}

/*
 * Who sleeps in vain sleeps on, in whole rounds, to that moment at least; one
 * whose round has several sleeps only to the last round before, since in
 * which of them it is then has to be right.  Returns when the first wakes, or
 * the moment.
 */
static int64_t prolong_naps(struct engine *engine, int64_t moment_ns)
{
	int64_t first_ns = moment_ns;
	size_t i;

	for (i = 0; i < engine->alive_count; i++) {
		struct task *task = engine->alive[i];
		int64_t late_ns = moment_ns - task->wait.deadline_ns;
		int64_t period_ns = task->nap_period_ns;

		if (!is_waiting(task) || late_ns <= 0 || !task->nap_futile)
			continue;
		if (task->nap_alone)
			late_ns += period_ns - 1;
		late_ns -= late_ns % period_ns;
		task->wait.deadline_ns += late_ns;
		task->nap_at_ns += late_ns;
		if (task->wait.deadline_ns < first_ns)
			first_ns = task->wait.deadline_ns;
	}
	return first_ns;
}

/*
 * What passes counts as CPU time for those that could run, or are busy waiting:
 * see cpu_reading() in call_time.c.
 */
static void count_idle(struct engine *engine, int64_t passed_ns)
{
	size_t i;

	for (i = 0; i < engine->alive_count; i++) {
		struct task *task = engine->alive[i];

		if (task->state != TASK_PARKED && !task->idle_held &&
			!engine_can_run(engine, task))
			task->idle_ns += passed_ns;
	}
}

static void advance_clock(struct engine *engine, int64_t moment_ns)
{
	engine->instant_work = 0;
	if (engine->delayed_stores > 0)
		stores_arrive_all(engine);
	moment_ns = prolong_naps(engine, moment_ns);
	if (moment_ns > engine->clock.now_ns)
		count_idle(engine, moment_ns - engine->clock.now_ns);
	clock_advance(&engine->clock, moment_ns);
	/*
	 * Timers that nobody hears of need no task to go on for ever; and ticks
	 * may be lost between short slices: nobody gets past a moment unseen.
	 */
	if (++engine->clock_moves % CHECK_MOVES == 0 ||
		engine_wall_ns() - engine->checked_ns > UNSEEN_NS)
		engine_check_usage(engine, false);
	if (engine->clock_moves / MOVES_A_STEP > engine->limits.steps)
		engine_limit(engine, "steps", engine->limits.steps);
}

/* Busy waiters under whom the memory has changed go on; true if there are. */
static bool release_busy_waiters(struct engine *engine)
{
	bool found = false;
	size_t i;

	for (i = 0; i < engine->alive_count; i++) {
		struct task *task = engine->alive[i];

		if (task->state == TASK_DEAD || !spin_sees_change(engine, task))
			continue;
		spin_release(engine, task);
		found = true;
	}
	return found;
}

/* A parked task that may find something new, or has to go on anyway. */
static struct task *parked_task(const struct engine *engine, bool fresh)
{
	size_t i;

	for (i = 0; i < engine->alive_count; i++) {
		struct task *task = engine->alive[i];

		if (task->state != TASK_PARKED)
			continue;
		if (fresh ? spin_may_go_on(engine, task) : !task->spin_proved)
			return task;
	}
	return NULL;
}

/*
 * Nobody can go on now.  Returns a task to run all the same, or NULL after
 * moving the clock, or ending the run.
 */
static struct task *nobody_runs(struct engine *engine)
{
	int64_t next;
	struct task *parked = parked_task(engine, true);

	if (engine->delayed_stores > 0) {
		stores_arrive_all(engine);
		return NULL;
	}

	if (parked)
		return parked;
	if (release_busy_waiters(engine))
		return NULL;
	spin_review_naps(engine);
	next = next_deadline(engine);
	if (engine_wake_doubtful(engine))
		return NULL;
	if (engine->delayed && next == CLOCK_NEVER) {
		faults_release(engine);
		return NULL;
	}
	if (engine_is_over(engine, next))
		return NULL;
	if (engine->out->main_ended && !engine->main_over) {
		engine->main_over = true;
		return NULL;
	}
	if (next == CLOCK_NEVER && engine->retries_left) {
		/* before a verdict every one that was refused asks again */
		engine_wake_retries(engine, RETRY_ALL);
		engine->retries_left = false;
		return NULL;
	}
	if (next == CLOCK_NEVER) {
		parked = parked_task(engine, false);
		if (!parked)
			engine_deadlock(engine);
		return parked;
	}
	if (next / 1000 > engine->limits.virtual_us) {
		engine_limit(engine, "virtual-time", engine->limits.virtual_us);
		return NULL;
	}
	engine->halvings = 0;
	advance_clock(engine, next);
	return NULL;
}

/*
 * The moment to which the clock may go though a task could run, CLOCK_NEVER
 * when it may not: a process that only has to end is not left behind.  Half of
 * the time is kept for whoever is slow: a partner that waits by long timeouts,
 * again and again, would else use up all of it before the slow one runs.
 */
static int64_t early_moment(struct engine *engine)
{
	int64_t next;

	if (!engine->spec->early_clock || engine->out->main_ended ||
		engine->delayed)
		return CLOCK_NEVER;
	spin_review_naps(engine);
	next = next_deadline(engine);
	return next / 1000 > engine->limits.virtual_us / 2 ? CLOCK_NEVER : next;
}

/*
 * How much may be done until time has to go on: ever less, while it only ever
 * goes on for that reason.
 */
static uint64_t patience(const struct engine *engine)
{
	return WORK_MAX >> engine->halvings;
}

/* Whoever has worked for long makes way for once, if there are others. */
static size_t without_current(const struct engine *engine,
	struct schedule_candidate *candidates, size_t count)
{
	size_t kept = 0, i;

	if (count < 2)
		return count;
	for (i = 0; i < count; i++)
		if (candidates[i].task != (uint32_t)engine->current)
			candidates[kept++] = candidates[i];
	return kept;
}

/*
 * So much was done at one instant that a real clock would have gone on: by the
 * only task that can run, or by all.  Whoever counts in shared memory until
 * another wakes up is no busy waiter that could be proved, as nothing comes
 * back to what it was.
 */
static bool instant_is_over(struct engine *engine,
	const struct schedule_candidate *candidates, size_t count)
{
	bool alone =
		count == 1 && candidates[0].task == (uint32_t)engine->current;
	int64_t next;

	if ((engine->instant_work < 4 * patience(engine) &&
		    !(alone && engine->row_work >= patience(engine))) ||
		engine->out->main_ended || engine->delayed)
		return false;
	spin_review_naps(engine);
	next = next_deadline(engine);
	if (next == CLOCK_NEVER || next / 1000 > engine->limits.virtual_us)
		return false;
	if (engine->halvings < PATIENCE_LEAST)
		engine->halvings++;
	advance_clock(engine, next);
	engine->row_work = 0;
	return true;
}

/* All that may be chosen now; the forced one alone, if it can run. */
static size_t collect(
	struct engine *engine, struct schedule_candidate *candidates)
{
	struct task *forced = engine->forced;
	size_t count = 0, i;

	engine->forced = NULL;
	if (forced && engine_can_run(engine, forced)) {
		operation_describe(engine, forced, &candidates[0]);
		return 1;
	}
	if (engine->delayed_stores > 0)
		stores_settle(engine);
	for (i = 0; i < engine->alive_count; i++)
		if (engine_can_run(engine, engine->alive[i]))
			operation_describe(
				engine, engine->alive[i], &candidates[count++]);
	if (engine->row_work >= patience(engine))
		count = without_current(engine, candidates, count);
	if (count > 0 && early_moment(engine) != CLOCK_NEVER)
		candidates[count++] =
			(struct schedule_candidate){.task = SCHEDULE_CLOCK};
	return count;
}

static struct task *choose(struct engine *engine)
{
	struct schedule_candidate stack[16], *candidates = stack;
	uint32_t task = SCHEDULE_CLOCK;
	size_t count;
	bool over;

	if (engine->live >= sizeof(stack) / sizeof(stack[0]))
		candidates = xcalloc(engine->live + 1, sizeof(*candidates));
	count = collect(engine, candidates);
	engine->schedule.position = (uint32_t)engine->out->trace.event_count;
	over = count > 0 && instant_is_over(engine, candidates, count);
	if (count > 0 && !over)
		task = candidates[schedule_pick(&engine->schedule, candidates,
					  count, (uint32_t)engine->current)]
			       .task;
	if (candidates != stack)
		free(candidates);
	if (count == 0)
		return nobody_runs(engine);
	if (over)
		return NULL;
	if (task != SCHEDULE_CLOCK)
		return engine->tasks[task];
	advance_clock(engine, early_moment(engine));
	return NULL;
}

void engine_worked(struct engine *engine, uint64_t looks)
{
	engine->instant_work += looks;
	engine->row_work += looks;
}

static void run_slice(struct engine *engine, struct task *task)
{
	if (task->number != engine->current)
		engine->row_work = 0;
	engine_worked(engine, STEP_WORK);
	engine->current = task->number;
	engine->running = task;
	engine->interrupted = false;
	engine->interrupt_at_ns = FIRST_LOOK_NS;
	engine->slices++;
	spin_release(engine, task);
	stops_run_slice(engine, task);
	file_watch_mapped(engine, task);
	if (engine->sigio)
		engine->signals_dirty = true;
	if (task->state != TASK_PARKED)
		engine->progress++;
	engine->running = NULL;
}

/* One step more, unless a bound is met. */
static bool may_step(struct engine *engine)
{
	if ((int64_t)++engine->out->steps > engine->limits.steps)
		engine_limit(engine, "steps", engine->limits.steps);
	else if ((int64_t)trace_bytes(&engine->out->trace) >
		 engine->limits.trace_bytes)
		engine_limit(engine, "trace", engine->limits.trace_bytes);
	else if (engine->out->main_ended &&
		 ++engine->steps_alone > STEPS_ALONE_MAX)
		engine_end_after_main(engine);
	return !engine->stop;
}

/* Thousands may have lived; looking for who can go on is for the living. */
static void bury(struct engine *engine)
{
	size_t kept = 0, i;

	for (i = 0; i < engine->alive_count; i++)
		if (engine->alive[i]->state != TASK_DEAD)
			engine->alive[kept++] = engine->alive[i];
	engine->alive_count = kept;
	engine->deaths = false;
	task_settle(engine);
}

int engine_run(struct engine *engine)
{
	struct task *task;

	while (!engine->stop) {
		if (engine->deaths)
			bury(engine);
		look_at_deadlines(engine);
		instances_start(engine);
		faults_apply(engine);
		if (engine->signals_dirty || engine->signals_marked)
			look_at_signals(engine);
		look_at_polls(engine);
		if (engine->live == 0 && !instances_are_due(engine)) {
			engine_stop(engine, RUN_END_EXITED, NULL);
			break;
		}
		task = choose(engine);
		if (!task)
			continue;
		if (!may_step(engine))
			break;
		run_slice(engine, task);
	}
	return engine->error;
}
