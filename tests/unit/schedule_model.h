/*
 * Programs for tests of the scheduler: tasks that are lists of operations on
 * shared variables, locks and the clock, and an interpreter that asks a
 * schedule who is next, as the engine does.
 */
#ifndef TESTS_SCHEDULE_MODEL_H
#define TESTS_SCHEDULE_MODEL_H

#include <stdlib.h>

#include "base/alloc.h"
#include "scheduler/schedule.h"

#define MODEL_TASKS 16
#define MODEL_OPERATIONS 48
#define MODEL_OBJECTS 8
#define MODEL_STEPS 2048

enum model_kind {
	MODEL_END,   /* of the list */
	MODEL_WORK,  /* touches nothing shared */
	MODEL_READ,  /* register = variable */
	MODEL_STORE, /* variable = register + 1 */
	MODEL_SET,   /* variable = 1 */
	MODEL_CLEAR, /* variable = 0 */
	MODEL_NEED,  /* the run fails when the variable is 0 */
	MODEL_SAME,  /* the run fails when variable != register */
	MODEL_FULL,  /* the run fails when the variable is below AMOUNT */
	MODEL_SKIP,  /* when the variable is 0: past the next AMOUNT */
	MODEL_LOCK,
	MODEL_UNLOCK,
	MODEL_SLEEP, /* AMOUNT units of time */
};

struct model_operation {
	enum model_kind kind;
	int object;
	int amount; /* of MODEL_WORK: how often, 0 = once */
};

struct model_program {
	const char *name;
	int tasks;
	bool early_clock;
	struct model_operation list[MODEL_TASKS][MODEL_OPERATIONS];
};

/* What was chosen, and what else there was. */
struct model_step {
	struct schedule_candidate candidates[MODEL_TASKS + 1];
	size_t count, chosen;
	uint32_t before; /* task that ran last */
	struct policy_state state;
};

struct model_run {
	bool failed, deadlock;
	struct model_step *steps; /* owned */
	size_t step_count;
	uint32_t *choices, *widths; /* owned */
	size_t choice_count;
	bool diverged;
	struct schedule_profile learnt;
};

struct model_how {
	enum schedule_policy policy;
	uint64_t seed;
	const struct schedule_profile *profile;
	const uint32_t *replay;
	size_t replay_count;
	bool learn;
};

struct model_task {
	int at, done;  /* operation; how much of a WORK */
	int held;      /* waits for that lock + 1, 0 = none */
	int asleep;    /* until that time, 0 = awake */
	int remembers; /* register */
};

struct model_state {
	const struct model_program *program;
	struct model_task tasks[MODEL_TASKS];
	int variables[MODEL_OBJECTS];
	int owners[MODEL_OBJECTS]; /* of locks, task + 1 */
	int now;
	bool failed;
};

static const struct model_operation *model_next(
	const struct model_state *state, int task)
{
	return &state->program->list[task][state->tasks[task].at];
}

static bool model_can_run(const struct model_state *state, int task)
{
	const struct model_task *at = &state->tasks[task];

	return model_next(state, task)->kind != MODEL_END &&
	       at->asleep <= state->now &&
	       (at->held == 0 || state->owners[at->held - 1] == 0);
}

/* Time of the next waking, 0 when nobody sleeps. */
static int model_waking(const struct model_state *state)
{
	int next = 0;

	for (int i = 0; i < state->program->tasks; i++) {
		int asleep = state->tasks[i].asleep;

		if (asleep > state->now && (next == 0 || asleep < next))
			next = asleep;
	}
	return next;
}

/* What the engine would say of the task's next operation. */
static struct schedule_candidate model_candidate(
	const struct model_state *state, int task)
{
	const struct model_operation *next = model_next(state, task);
	struct schedule_candidate candidate = {
		.task = (uint32_t)task,
		.role = task == 0 ? 0 : 1,
		.operation = (uint32_t)next->kind,
		.again = state->tasks[task].held != 0,
	};
	bool lock = next->kind == MODEL_LOCK || next->kind == MODEL_UNLOCK;

	if (next->kind == MODEL_WORK || next->kind == MODEL_SLEEP)
		return candidate;
	candidate.touches_shared = true;
	candidate.object = (uint64_t)next->object + (lock ? 101 : 1);
	candidate.writes = lock || next->kind == MODEL_STORE ||
			   next->kind == MODEL_SET || next->kind == MODEL_CLEAR;
	/* tasks of one role are taken to run the same lines */
	candidate.site = (candidate.role + 1) * 10000 +
			 (uint64_t)state->tasks[task].at * 100 +
			 candidate.object;
	return candidate;
}

static void model_step_on(struct model_state *state, int number)
{
	const struct model_operation *next = model_next(state, number);
	struct model_task *task = &state->tasks[number];
	int *variable = &state->variables[next->object];
	int *owner = &state->owners[next->object];

	task->at++;
	switch (next->kind) {
	case MODEL_WORK:
		if (++task->done < next->amount)
			task->at--;
		else
			task->done = 0;
		break;
	case MODEL_READ:
		task->remembers = *variable;
		break;
	case MODEL_STORE:
		*variable = task->remembers + 1;
		break;
	case MODEL_SET:
		*variable = 1;
		break;
	case MODEL_CLEAR:
		*variable = 0;
		break;
	case MODEL_NEED:
		state->failed |= *variable == 0;
		break;
	case MODEL_SAME:
		state->failed |= *variable != task->remembers;
		break;
	case MODEL_FULL:
		state->failed |= *variable < next->amount;
		break;
	case MODEL_SKIP:
		if (*variable == 0)
			task->at += next->amount;
		break;
	case MODEL_LOCK:
		task->held = *owner ? next->object + 1 : 0;
		task->at -= *owner ? 1 : 0;
		*owner = *owner ? *owner : number + 1;
		break;
	case MODEL_UNLOCK:
		*owner = 0;
		break;
	case MODEL_SLEEP:
		task->asleep = state->now + next->amount;
		break;
	case MODEL_END:
		break;
	}
}

static size_t model_collect(
	const struct model_state *state, struct schedule_candidate *candidates)
{
	size_t count = 0;

	for (int i = 0; i < state->program->tasks; i++)
		if (model_can_run(state, i))
			candidates[count++] = model_candidate(state, i);
	if (count > 0 && state->program->early_clock && model_waking(state))
		candidates[count++] =
			(struct schedule_candidate){.task = SCHEDULE_CLOCK};
	return count;
}

static bool model_is_over(const struct model_state *state)
{
	for (int i = 0; i < state->program->tasks; i++)
		if (model_next(state, i)->kind != MODEL_END)
			return false;
	return true;
}

static void model_run_release(struct model_run *run)
{
	free(run->steps);
	free(run->choices);
	free(run->widths);
	schedule_profile_release(&run->learnt);
	*run = (struct model_run){0};
}

static void model_loop(struct model_state *state, struct schedule *schedule,
	struct model_run *run)
{
	uint32_t current = 0;

	while (!model_is_over(state) && run->step_count < MODEL_STEPS) {
		struct model_step *step = &run->steps[run->step_count];

		step->count = model_collect(state, step->candidates);
		if (step->count == 0 && model_waking(state) == 0) {
			run->deadlock = true;
			break;
		}
		if (step->count == 0) {
			state->now = model_waking(state);
			continue;
		}
		step->before = current;
		step->state = schedule->state;
		step->chosen = schedule_pick(
			schedule, step->candidates, step->count, current);
		run->step_count++;
		if (step->candidates[step->chosen].task == SCHEDULE_CLOCK) {
			state->now = model_waking(state);
			continue;
		}
		current = step->candidates[step->chosen].task;
		model_step_on(state, (int)current);
	}
}

/* The caller releases *RUN. */
static void model_run(const struct model_program *program,
	const struct model_how *how, struct model_run *run)
{
	struct model_state state = {.program = program};
	struct schedule schedule;

	*run = (struct model_run){
		.steps = xcalloc(MODEL_STEPS, sizeof(*run->steps))};
	schedule_start(&schedule, how->policy, how->seed, how->replay,
		how->replay_count);
	schedule_inform(&schedule, how->profile);
	if (how->learn)
		schedule_learn(&schedule);
	model_loop(&state, &schedule, run);
	run->failed = state.failed || run->deadlock;
	run->diverged = schedule.diverged;
	run->choices = schedule.choices;
	run->widths = schedule.widths;
	run->choice_count = schedule.count;
	run->learnt = schedule.learnt;
	schedule.choices = NULL;
	schedule.widths = NULL;
	schedule.learnt = (struct schedule_profile){0};
	schedule_release(&schedule);
}

/* Of the program's run-to-block run; the caller releases it. */
static inline struct schedule_profile model_learn(
	const struct model_program *program)
{
	/* as a grading does: grader/explore.c */
	const enum schedule_policy policies[] = {
		SCHEDULE_RUN_TO_BLOCK, SCHEDULE_RANDOM};
	struct schedule_profile profile = {0};

	for (size_t i = 0; i < 2; i++) {
		const struct model_how how = {
			.policy = policies[i], .learn = true};
		struct model_run run;

		model_run(program, &how, &run);
		schedule_profile_add(&profile, &run.learnt);
		model_run_release(&run);
	}
	return profile;
}

#define W                                                                      \
	{                                                                      \
		MODEL_WORK, 0, 1                                               \
	}
#define WORK(n)                                                                \
	{                                                                      \
		MODEL_WORK, 0, n                                               \
	}
#define R(x)                                                                   \
	{                                                                      \
		MODEL_READ, x, 0                                               \
	}
#define S(x)                                                                   \
	{                                                                      \
		MODEL_STORE, x, 0                                              \
	}
#define SET(x)                                                                 \
	{                                                                      \
		MODEL_SET, x, 0                                                \
	}
#define CLEAR(x)                                                               \
	{                                                                      \
		MODEL_CLEAR, x, 0                                              \
	}
#define NEED(x)                                                                \
	{                                                                      \
		MODEL_NEED, x, 0                                               \
	}
#define SAME(x)                                                                \
	{                                                                      \
		MODEL_SAME, x, 0                                               \
	}
#define FULL(x, n)                                                             \
	{                                                                      \
		MODEL_FULL, x, n                                               \
	}
#define SKIP(x, n)                                                             \
	{                                                                      \
		MODEL_SKIP, x, n                                               \
	}
#define L(x)                                                                   \
	{                                                                      \
		MODEL_LOCK, x, 0                                               \
	}
#define U(x)                                                                   \
	{                                                                      \
		MODEL_UNLOCK, x, 0                                             \
	}
#define SLEEP(n)                                                               \
	{                                                                      \
		MODEL_SLEEP, 0, n                                              \
	}
#define ADD(x) R(x), S(x)
#define LOCKED(x) L(0), ADD(x), U(0)
#define LOCKED5 LOCKED(1), LOCKED(1), LOCKED(1), LOCKED(1), LOCKED(1)
#define LOCKED10 LOCKED5, LOCKED5

/* A mistake each. */
static const struct model_program model_mistakes[] = {
	{"no lock at all", 3, false,
		{{SET(1), W}, {ADD(0), R(0), SAME(0)},
			{ADD(0), R(0), SAME(0)}}},
	{"lost update behind much work", 2, false,
		{{WORK(30), R(0), SAME(0), W}, {W, ADD(0), W}}},
	{"lost update among much other use", 4, false,
		{{LOCKED10}, {LOCKED5, R(1), SAME(1), LOCKED5}, {LOCKED10},
			{LOCKED10}}},
	{"two of eight take two locks crosswise", 8, false,
		{{L(0), W, L(1), U(1), U(0)}, {WORK(5), L(2), ADD(2), U(2)},
			{WORK(5), L(2), ADD(2), U(2)},
			{W, L(1), W, L(0), U(0), U(1)},
			{WORK(5), L(2), ADD(2), U(2)},
			{WORK(5), L(2), ADD(2), U(2)},
			{WORK(5), L(2), ADD(2), U(2)},
			{WORK(5), L(2), ADD(2), U(2)}}},
	{"used before its maker has made it", 3, false,
		{{SET(0)}, {WORK(12), NEED(0)}, {WORK(12), NEED(0)}}},
	{"the maker is assumed to be slow", 3, false,
		{{WORK(2), SET(1)}, {SKIP(0, 1), NEED(1), W},
			{WORK(20), SET(0)}}},
	{"flag before the data", 2, false,
		{{WORK(5), SET(0), SET(1)}, {WORK(5), SKIP(0, 1), NEED(1)}}},
	{"the last of eight does not wait for all", 8, false,
		{{LOCKED(0)}, {LOCKED(0)}, {LOCKED(0)}, {LOCKED(0)},
			{LOCKED(0)}, {LOCKED(0)}, {LOCKED(0)},
			{WORK(60), FULL(0, 7)}}},
	{"checked, then acted upon", 6, false,
		{{ADD(1), W}, {WORK(3), SKIP(0, 3), CLEAR(0), ADD(1)},
			{SET(0), WORK(3), SKIP(0, 1), NEED(0)}, {ADD(1)},
			{ADD(1)}, {ADD(1)}}},
	{"gone and back between two looks", 2, false,
		{{SET(1), WORK(8), CLEAR(1), WORK(4), SET(1)},
			{SKIP(1, 2), WORK(6), NEED(1)}}},
	{"a sleep instead of a wait", 2, true,
		{{SLEEP(5), NEED(0)}, {WORK(3), SET(0), W}}},
	{"a longer sleep instead of a wait", 3, true,
		{{SLEEP(9), FULL(0, 3)}, {ADD(0), SLEEP(2), ADD(0)},
			{WORK(2), SLEEP(4), ADD(0), W}}},
};
#define MODEL_MISTAKES (sizeof(model_mistakes) / sizeof(model_mistakes[0]))

#endif
