/*
 * Shrinking, on programs that are simulated: each task is a text, a letter a
 * step, chosen step by step by the real scheduler.
 *
 *	r	reads the shared number
 *	w	writes the number read, plus one
 *	a b	take a lock, A B give it back
 *	p	says its number
 *	.	does something of its own
 */
#include "grader/shrink.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "scheduler/schedule.h"

#define TASKS_MAX 6
#define BUDGET 60

struct program {
	const char *name;
	const char *tasks[TASKS_MAX]; /* until NULL */
	const char *fails;            /* a result of it that is wrong */
	size_t proper, all;           /* the fewest switches and departures */
};

struct machine {
	const struct program *program;
	size_t at[TASKS_MAX], count;
	int number, local[TASKS_MAX];
	int held_by[2]; /* -1 nobody */
	char said[TASKS_MAX * 8];
};

static bool can_step(const struct machine *m, size_t task)
{
	char step = m->program->tasks[task][m->at[task]];

	return step &&
	       !((step == 'a' || step == 'b') && m->held_by[step - 'a'] >= 0);
}

static void step(struct machine *m, size_t task)
{
	char what = m->program->tasks[task][m->at[task]++];
	const char said[2] = {(char)('0' + task), '\0'};

	if (what == 'r')
		m->local[task] = m->number;
	else if (what == 'w')
		m->number = m->local[task] + 1;
	else if (what == 'a' || what == 'b')
		m->held_by[what - 'a'] = (int)task;
	else if (what == 'A' || what == 'B')
		m->held_by[what - 'A'] = -1;
	else if (what == 'p')
		strcat(m->said, said);
}

/* "deadlock", what was said, or the number at the end; owned. */
static char *result_of(const struct machine *m)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->program->tasks[i][m->at[i]])
			return xstrdup("deadlock");
	return *m->said ? xstrdup(m->said) : xasprintf("%d", m->number);
}

/* True when it fails; *MADE is what it did. */
static bool run(const struct program *program, enum schedule_policy policy,
	uint64_t seed, const struct shrink_plan *plan, struct shrink_plan *made)
{
	struct machine m = {.program = program, .held_by = {-1, -1}};
	struct schedule schedule;
	struct schedule_candidate candidates[TASKS_MAX];
	uint32_t current = 0;
	auto_free char *result = NULL;

	while (program->tasks[m.count])
		m.count++;
	schedule_start(&schedule, policy, seed, NULL, 0);
	schedule_fix(&schedule, plan->switches, plan->count);
	for (;;) {
		size_t count = 0;

		for (uint32_t i = 0; i < m.count; i++)
			if (can_step(&m, i))
				candidates[count++] =
					(struct schedule_candidate){.task = i};
		if (!count)
			break;
		current = candidates[schedule_pick(&schedule, candidates, count,
					     current)]
				  .task;
		step(&m, current);
	}
	*made = shrink_plan_copy(schedule.switches, schedule.switch_count);
	schedule_release(&schedule);
	result = result_of(&m);
	return !strcmp(result, program->fails);
}

struct asked {
	const struct program *program;
	size_t times;
	int trouble; /* returned the third time */
};

static int try(void *context, const struct shrink_plan *plan,
	struct shrink_plan *made, struct err *err)
{
	struct asked *asked = context;

	if (++asked->times == 3 && asked->trouble)
		return err_set(err, asked->trouble, "trouble");
	if (run(asked->program, SCHEDULE_RUN_TO_BLOCK, 0, plan, made))
		return 1;
	shrink_plan_release(made);
	return 0;
}

static const struct program PROGRAMS[] = {
	{"lost update",
		{"......r..w......", ".....r...w.....", "....r.w......."}, "2",
		1, 1},
	{"lost update of two", {".r.w.", ".r.w."}, "1", 1, 1},
	{"all but one lost", {"..r..w..", "..r..w..", "..r..w..", "..r..w.."},
		"1", 1, 3},
	{"AB-BA", {"....a..b..B.A....", "....b..a..A.B...."}, "deadlock", 1, 1},
	{"AB-BA among others",
		{"..........", "....a..b..B.A....", "........",
			"....b..a..A.B....", "......"},
		"deadlock", 1, 1},
	{"order of three", {"..p..", "..p..", "..p.."}, "210", 1, 2},
};
#define PROGRAM_COUNT (sizeof(PROGRAMS) / sizeof(PROGRAMS[0]))

/* A failing random schedule; its seed is looked for from *SEED on. */
static struct shrink_plan failing(const struct program *program, uint64_t *seed)
{
	const struct shrink_plan nothing = {0};
	struct shrink_plan made;

	for (;; (*seed)++) {
		if (run(program, SCHEDULE_RANDOM, *seed, &nothing, &made))
			return made;
		shrink_plan_release(&made);
		cr_assert(*seed < 1000000, "%s never fails", program->name);
	}
}

static void assert_minimal(
	const struct program *program, const struct shrink_plan *plan)
{
	struct shrink_plan made;

	cr_assert(run(program, SCHEDULE_RUN_TO_BLOCK, 0, plan, &made),
		"%s: the result does not fail", program->name);
	cr_expect_eq(made.count, plan->count);
	shrink_plan_release(&made);
	for (size_t i = 0; i < plan->count; i++) {
		struct shrink_plan less =
			shrink_plan_copy(plan->switches, plan->count);

		memmove(less.switches + i, less.switches + i + 1,
			(plan->count - i - 1) * sizeof(*less.switches));
		less.count--;
		cr_expect_not(
			run(program, SCHEDULE_RUN_TO_BLOCK, 0, &less, &made),
			"%s: departure %zu is not needed", program->name, i);
		shrink_plan_release(&made);
		shrink_plan_release(&less);
	}
}

Test(shrink, without_a_bound_nothing_can_be_left_out)
{
	for (size_t i = 0; i < PROGRAM_COUNT; i++) {
		const struct program *program = &PROGRAMS[i];
		uint64_t seed = 1;

		for (int round = 0; round < 20; round++, seed++) {
			struct asked asked = {.program = program};
			struct shrink_plan plan = failing(program, &seed);
			size_t tries = 100000;
			struct err err = {""};

			cr_assert_eq(
				shrink(&plan, &tries, try, &asked, &err), 0);
			cr_expect_eq(tries + asked.times, 100000);
			assert_minimal(program, &plan);
			shrink_plan_release(&plan);
		}
	}
}

/*
 * Many random schedules come down to the fewest switches there are; the others
 * end where nothing can be left out, but something else could be done.
 */
Test(shrink, the_fewest_switches_are_found_within_the_budget)
{
	for (size_t i = 0; i < PROGRAM_COUNT; i++) {
		const struct program *program = &PROGRAMS[i];
		uint64_t seed = 1;
		int fewest = 0;
		size_t worst = 0;

		for (int round = 0; round < 20; round++, seed++) {
			struct asked asked = {.program = program};
			struct shrink_plan plan = failing(program, &seed);
			size_t tries = BUDGET, before = plan.count;
			struct err err = {""};

			cr_assert_eq(
				shrink(&plan, &tries, try, &asked, &err), 0);
			cr_expect_leq(asked.times, BUDGET);
			cr_expect_leq(plan.count, before);
			cr_expect_geq(switches_count(plan.switches, plan.count),
				program->proper);
			fewest += plan.count == program->all;
			if (plan.count > worst)
				worst = plan.count;
			shrink_plan_release(&plan);
		}
		cr_expect(fewest >= 5, "%s: %d of 20", program->name, fewest);
		cr_expect(worst <= program->all + 2, "%s: %zu departures",
			program->name, worst);
	}
}

Test(shrink, a_small_budget_is_kept_and_leaves_a_failing_plan)
{
	for (size_t budget = 0; budget < 12; budget++) {
		const struct program *program = &PROGRAMS[2];
		struct asked asked = {.program = program};
		uint64_t seed = 1;
		struct shrink_plan plan = failing(program, &seed), made;
		size_t tries = budget;
		struct err err = {""};

		cr_assert_eq(shrink(&plan, &tries, try, &asked, &err), 0);
		cr_expect_eq(asked.times + tries, budget);
		cr_expect(run(program, SCHEDULE_RUN_TO_BLOCK, 0, &plan, &made));
		shrink_plan_release(&made);
		shrink_plan_release(&plan);
	}
}

Test(shrink, trouble_ends_the_search_and_keeps_a_failing_plan)
{
	const struct program *program = &PROGRAMS[0];
	struct asked asked = {.program = program, .trouble = -EIO};
	uint64_t seed = 1;
	struct shrink_plan plan = failing(program, &seed), made;
	size_t tries = BUDGET;
	struct err err = {""};

	cr_expect_eq(shrink(&plan, &tries, try, &asked, &err), -EIO);
	cr_expect_eq(asked.times, 3);
	cr_expect_str_eq(err.text, "trouble");
	cr_expect(run(program, SCHEDULE_RUN_TO_BLOCK, 0, &plan, &made));
	shrink_plan_release(&made);
	shrink_plan_release(&plan);
}

/* Without this a test above could pass because everything fails. */
Test(shrink, run_to_block_fails_in_none_of_the_programs)
{
	const struct shrink_plan nothing = {0};

	for (size_t i = 0; i < PROGRAM_COUNT; i++) {
		struct shrink_plan made;

		cr_expect_not(run(&PROGRAMS[i], SCHEDULE_RUN_TO_BLOCK, 0,
			&nothing, &made));
		shrink_plan_release(&made);
	}
}
