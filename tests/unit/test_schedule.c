/*
 * Each policy keeps its contract on small programs, and the portfolio finds
 * small mistakes.  Seeds are fixed: nothing here can come out otherwise.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "grader/explore.h"
#include "schedule_model.h"

#define SEEDS 200
#define GRADINGS 100

/* Two tasks of one object: one operation, and three. */
static const struct model_program uneven = {
	"uneven", 2, false, {{R(0)}, {S(0), S(0), S(0)}}};

/* An operation behind much private work, and one that races with it. */
static const struct model_program behind = {
	"behind", 2, false, {{WORK(8), SET(0)}, {R(0)}}};

static const struct model_program busy = {"busy", 4, true,
	{{LOCKED5, SLEEP(3), LOCKED5}, {LOCKED5, SLEEP(2), LOCKED5},
		{LOCKED5, LOCKED5}, {WORK(4), LOCKED5, SLEEP(1), ADD(2)}}};

/* The most that one that may let the clock advance does so. */
#define JUMPS_MOST 128

typedef void step_fn(const struct model_step *step);

/* Runs BUSY under many seeds and shows each step to CHECK. */
static void each_step(enum schedule_policy policy, step_fn *check)
{
	struct schedule_profile profile = model_learn(&busy);

	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct model_how how = {policy, seed, &profile, NULL, 0, false};
		struct model_run run;

		model_run(&busy, &how, &run);
		for (size_t i = 0; i < run.step_count; i++)
			check(&run.steps[i]);
		model_run_release(&run);
	}
	schedule_profile_release(&profile);
}

static size_t tasks_of(const struct model_step *step)
{
	return step->candidates[step->count - 1].task == SCHEDULE_CLOCK
		       ? step->count - 1
		       : step->count;
}

Test(schedule, every_policy_has_a_name_and_a_contract)
{
	for (int i = 0; i < SCHEDULE_POLICY_COUNT; i++) {
		cr_expect_eq(schedule_policy_by_name(schedule_policy_name(
				     (enum schedule_policy)i)),
			i);
		cr_expect_gt(strlen(schedule_policy_contract(
				     (enum schedule_policy)i)),
			20);
	}
	cr_expect_eq(schedule_policy_by_name("best"), -1);
}

Test(schedule, the_same_seed_makes_the_same_choices)
{
	struct schedule_profile profile = model_learn(&busy);

	for (int policy = 0; policy < SCHEDULE_POLICY_COUNT; policy++)
		for (uint64_t seed = 0; seed < SEEDS; seed++) {
			struct model_how how = {(enum schedule_policy)policy,
				seed, &profile, NULL, 0, false};
			struct model_run first, second;

			model_run(&busy, &how, &first);
			model_run(&busy, &how, &second);
			cr_assert_eq(first.choice_count, second.choice_count);
			cr_assert_arr_eq(first.choices, second.choices,
				first.choice_count * sizeof(uint32_t));
			model_run_release(&first);
			model_run_release(&second);
		}
	schedule_profile_release(&profile);
}

Test(schedule, any_policy_follows_the_log_of_any_other)
{
	struct schedule_profile profile = model_learn(&busy);

	for (int i = 0; i < SCHEDULE_POLICY_COUNT * 20; i++) {
		struct model_how how = {
			(enum schedule_policy)(i % SCHEDULE_POLICY_COUNT),
			(uint64_t)i, &profile, NULL, 0, false};
		struct model_run run;

		model_run(&busy, &how, &run);
		for (int other = 0; other < SCHEDULE_POLICY_COUNT; other++) {
			struct model_how again = {(enum schedule_policy)other,
				99, &profile, run.choices, run.choice_count,
				false};
			struct model_run replayed;

			model_run(&busy, &again, &replayed);
			cr_expect_not(replayed.diverged);
			cr_assert_eq(replayed.choice_count, run.choice_count);
			cr_assert_arr_eq(replayed.choices, run.choices,
				run.choice_count * sizeof(uint32_t));
			model_run_release(&replayed);
		}
		model_run_release(&run);
	}
	schedule_profile_release(&profile);
}

Test(schedule, a_log_that_cannot_be_followed_is_said_and_left)
{
	const uint32_t log[] = {1, 1, 77, 1, 1};
	struct model_how how = {SCHEDULE_RUN_TO_BLOCK, 0, NULL, log, 5, false};
	struct model_run run;

	model_run(&busy, &how, &run);
	cr_expect(run.diverged);
	cr_expect_eq(run.choices[0], 1);
	cr_expect_eq(run.choices[1], 1);
	cr_expect_eq(run.choices[2], 1, "run to block: task 1 goes on");
	cr_expect_not(run.deadlock);
	model_run_release(&run);
}

Test(schedule, a_profile_counts_uses_by_object_place_and_task)
{
	struct schedule_profile profile = model_learn(&uneven);
	uint32_t uses[2] = {0, 0};

	cr_expect_eq(profile.tasks, 2);
	for (size_t i = 0; i < profile.count; i++) {
		uses[profile.accesses[i].task] += profile.accesses[i].count;
		cr_expect_eq(profile.accesses[i].writes,
			profile.accesses[i].task == 1);
	}
	cr_expect_eq(uses[0], 1);
	cr_expect_eq(uses[1], 3);
	schedule_profile_release(&profile);
}

static void check_run_to_block(const struct model_step *step)
{
	uint32_t first = step->candidates[0].task;
	uint32_t chosen = step->candidates[step->chosen].task;

	for (size_t i = 0; i < step->count; i++)
		if (step->candidates[i].task == step->before)
			first = step->before;
	cr_assert_eq(chosen, first);
}

Test(schedule, run_to_block_goes_on_or_takes_the_first_created)
{
	each_step(SCHEDULE_RUN_TO_BLOCK, check_run_to_block);
}

static bool is_frozen(const struct model_step *step, size_t index)
{
	const struct schedule_candidate *candidate = &step->candidates[index];
	const struct policy_state *state = &step->state;

	return candidate->touches_shared && candidate->site == state->site &&
	       (state->whole_role ? candidate->role == state->role
				  : candidate->task == state->task);
}

static void check_site_freeze(const struct model_step *step)
{
	cr_assert_neq(step->state.site, 0);
	if (step->candidates[step->chosen].task == SCHEDULE_CLOCK)
		cr_assert(step->state.patience > 0 &&
			  step->state.patience <= step->state.jumps &&
			  step->state.uses == 0);
	else if (!is_frozen(step, step->chosen))
		return;
	for (size_t i = 0; i < tasks_of(step); i++)
		cr_assert(is_frozen(step, i), "another could have run");
}

Test(schedule, site_freeze_stops_at_the_place_until_nothing_else_can_run)
{
	each_step(SCHEDULE_SITE_FREEZE, check_site_freeze);
}

/* How often the clock advances at each stop of one that is alone at it. */
static void count_jumps(uint64_t seed, uint32_t *jumps, size_t stops)
{
	struct schedule_candidate stopped[] = {
		{.task = 1,
			.site = 10,
			.object = 5,
			.touches_shared = true,
			.writes = true},
		{.task = SCHEDULE_CLOCK},
	};
	struct schedule_profile profile = {0};
	struct schedule schedule;

	schedule_profile_note(&profile, &stopped[0]);
	schedule_start(&schedule, SCHEDULE_SITE_FREEZE, seed, NULL, 0);
	schedule_inform(&schedule, &profile);
	for (size_t i = 0; i < stops; i++)
		for (jumps[i] = 0; schedule_pick(&schedule, stopped, 2, 1) == 1;
			jumps[i]++)
			;
	schedule_release(&schedule);
	schedule_profile_release(&profile);
}

Test(schedule, each_stop_at_the_place_leaves_time_for_those_behind_it)
{
	size_t long_ones = 0;

	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		uint32_t jumps[100], sum = 0;

		count_jumps(seed, jumps, 100);
		for (size_t i = 0; i < 100; i++)
			sum += jumps[i];
		cr_expect_leq(sum, JUMPS_MOST);
		if (jumps[0] < 10)
			continue;
		long_ones++;
		cr_expect_eq(jumps[1], jumps[0] / 2);
		cr_expect_eq(jumps[40], 1);
		cr_expect_eq(jumps[99], 0);
	}
	cr_expect_gt(long_ones, SEEDS * 3 / 4);
}

/* Two tasks at one known place each, or one of them where none was before. */
static uint32_t picked(uint64_t seed, uint64_t site, bool again, bool *curious)
{
	struct schedule_candidate known[] = {
		{.task = 1,
			.site = 10,
			.object = 5,
			.touches_shared = true,
			.writes = true},
		{.task = 2,
			.site = 20,
			.object = 5,
			.touches_shared = true,
			.writes = true},
	};
	struct schedule_profile profile = {0};
	struct schedule schedule;
	uint32_t task;

	schedule_profile_note(&profile, &known[0]);
	schedule_profile_note(&profile, &known[1]);
	schedule_start(&schedule, SCHEDULE_SITE_FREEZE,
		schedule_seed_at(seed, UINT32_C(0x8000)), NULL, 0);
	schedule_inform(&schedule, &profile);
	cr_expect_eq(schedule.state.site, 20);
	*curious = schedule.state.curious;
	known[0].site = site;
	known[0].again = again;
	known[1].site = 10;
	task = known[schedule_pick(&schedule, known, 2, 1)].task;
	schedule_release(&schedule);
	schedule_profile_release(&profile);
	return task;
}

Test(schedule, site_freeze_stops_where_no_run_of_the_profile_was)
{
	size_t curious = 0, others = 0;
	bool is_curious;

	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		uint32_t task = picked(seed, 33, false, &is_curious);

		if (is_curious)
			cr_expect_eq(task, 2);
		curious += is_curious;
		others += !is_curious && task == 1;
	}
	cr_expect_gt(curious, SEEDS / 2);
	cr_expect_gt(others, 0);
}

Test(schedule, site_freeze_lets_go_on_who_has_waited_at_a_new_place)
{
	size_t first = 0;
	bool is_curious;

	for (uint64_t seed = 0; seed < SEEDS; seed++)
		first += picked(seed, 33, true, &is_curious) == 1;
	cr_expect_gt(first, SEEDS / 3);
}

Test(schedule, a_seed_is_put_at_a_fraction_and_changes_in_nothing_else)
{
	const uint64_t kept = UINT64_C(0xffff) << SCHEDULE_FRACTION_SHIFT;

	for (uint64_t i = 0; i < SEEDS; i++) {
		uint64_t state = i, seed = schedule_random(&state);
		uint32_t fraction = (uint32_t)schedule_random(&state) & 0xffff;
		uint64_t placed = schedule_seed_at(seed, fraction);

		cr_expect_eq(schedule_fraction(placed), fraction);
		cr_expect_eq(placed & ~kept, seed & ~kept);
	}
}

/* Of twenty places, those at which the first COUNT freezes of a scenario are */
static size_t places_met(size_t scenario, size_t count)
{
	const struct scenario what = {.early_clock = true};
	bool met[20] = {false};
	size_t found = 0;

	for (size_t i = 0; count > 0; i++) {
		uint64_t seed = explore_marked_seed(3, &what, scenario, i, 1);

		if (explore_policy(&what, i) != SCHEDULE_SITE_FREEZE)
			continue;
		met[schedule_fraction(seed) * 20 >> SCHEDULE_FRACTION_BITS] =
			true;
		count--;
	}
	for (size_t i = 0; i < 20; i++)
		found += met[i];
	return found;
}

Test(schedule, the_freezes_of_a_scenario_go_through_the_places)
{
	for (size_t scenario = 0; scenario < 10; scenario++) {
		/* at random 12 and 16 of 20 */
		cr_expect_geq(places_met(scenario, 19), 17);
		cr_expect_eq(places_met(scenario, 34), 20);
	}
}

static void check_starve(const struct model_step *step)
{
	if (step->candidates[step->chosen].task == step->state.task)
		cr_assert_eq(tasks_of(step), 1, "another could have run");
}

Test(schedule, starve_runs_its_victim_only_when_no_other_can)
{
	each_step(SCHEDULE_STARVE, check_starve);
}

static void check_surw(const struct model_step *step)
{
	const struct policy_state *state = &step->state;
	const struct schedule_candidate *chosen =
		&step->candidates[step->chosen];

	cr_assert_neq(state->object, 0);
	if (chosen->object != state->object || chosen->task == state->task)
		return;
	/* not the one that was drawn: then all others want it too */
	for (size_t i = 0; i < tasks_of(step); i++)
		cr_assert(step->candidates[i].object == state->object &&
			  step->candidates[i].task != state->task);
}

Test(schedule, surw_lets_the_drawn_task_use_the_object_next)
{
	each_step(SCHEDULE_SURW, check_surw);
}

/* In how many of COUNT runs the task's first operation comes as the NTHth. */
static int comes_as(const struct model_program *program,
	enum schedule_policy policy, uint32_t task, size_t nth, int count)
{
	struct schedule_profile profile = model_learn(program);
	int found = 0;

	for (int seed = 0; seed < count; seed++) {
		struct model_how how = {
			policy, (uint64_t)seed, &profile, NULL, 0, false};
		struct model_run run;
		size_t i = 0;

		model_run(program, &how, &run);
		while (run.steps[i].candidates[run.steps[i].chosen].task !=
			task)
			i++;
		found += i == nth;
		model_run_release(&run);
	}
	schedule_profile_release(&profile);
	return found;
}

Test(schedule, surw_makes_all_orders_of_one_object_equally_likely)
{
	/* four places for the one operation among three others */
	for (size_t nth = 0; nth < 4; nth++) {
		int found = comes_as(&uneven, SCHEDULE_SURW, 0, nth, 2000);

		cr_expect_gt(found, 430, "%zu: %d", nth, found);
		cr_expect_lt(found, 570, "%zu: %d", nth, found);
	}
	/* what a choice at each step makes of it: a half, a quarter ... */
	cr_expect_gt(comes_as(&uneven, SCHEDULE_RANDOM, 0, 0, 2000), 930);
	cr_expect_lt(comes_as(&uneven, SCHEDULE_RANDOM, 0, 3, 2000), 320);
}

Test(schedule, pos_lets_an_operation_wait_for_one_behind_much_work)
{
	int pos = 0, random = 0;

	/* nine steps of the other come first: one in 10, one in 512 */
	pos = comes_as(&behind, SCHEDULE_POS, 1, 9, 2000);
	random = comes_as(&behind, SCHEDULE_RANDOM, 1, 9, 2000);
	cr_expect_gt(pos, 150, "%d", pos);
	cr_expect_lt(pos, 260, "%d", pos);
	cr_expect_lt(random, 15, "%d", random);
}

Test(schedule, the_clock_jumps_a_bounded_number_of_times_and_for_few_policies)
{
	struct schedule_profile profile = model_learn(&busy);
	size_t with_jumps = 0;

	for (int policy = 0; policy < SCHEDULE_POLICY_COUNT; policy++)
		for (uint64_t seed = 0; seed < SEEDS; seed++) {
			struct model_how how = {(enum schedule_policy)policy,
				seed, &profile, NULL, 0, false};
			struct model_run run;
			size_t jumps = 0;

			model_run(&busy, &how, &run);
			for (size_t i = 0; i < run.choice_count; i++)
				jumps += run.choices[i] == SCHEDULE_CLOCK;
			model_run_release(&run);
			cr_expect_leq(jumps,
				schedule_policy_needs(how.policy) & POLICY_CLOCK
					? JUMPS_MOST
					: 0);
			with_jumps += jumps > 0;
		}
	cr_expect_gt(with_jumps, SEEDS / 4);
	schedule_profile_release(&profile);
}

static void check_early_clock(const struct model_step *step)
{
	const struct policy_state *state = &step->state;

	/* time goes on only over the head of the slow one */
	if (step->candidates[step->chosen].task == SCHEDULE_CLOCK)
		cr_assert(tasks_of(step) == 1 &&
			  step->candidates[0].task == state->task &&
			  state->jumps > 0 && state->uses == 0);
}

Test(schedule, early_clock_advances_only_when_the_slow_task_alone_can_run)
{
	each_step(SCHEDULE_EARLY_CLOCK, check_early_clock);
}

Test(schedule, without_a_profile_every_policy_still_chooses)
{
	for (int policy = 0; policy < SCHEDULE_POLICY_COUNT; policy++)
		for (uint64_t seed = 0; seed < 20; seed++) {
			struct model_how how = {(enum schedule_policy)policy,
				seed, NULL, NULL, 0, false};
			struct model_run run;

			model_run(&busy, &how, &run);
			cr_expect_lt(run.step_count, MODEL_STEPS);
			cr_expect_not(run.deadlock);
			model_run_release(&run);
		}
}

/* Is the mistake found by ONLY, or with -1 by the portfolio, in COUNT runs? */
static bool finds(const struct model_program *program,
	const struct schedule_profile *profile, uint64_t master_seed, int only,
	size_t count)
{
	const struct scenario scenario = {.early_clock = program->early_clock};
	bool found = false;

	for (size_t i = 0; i < count && !found; i++) {
		struct model_how how = {
			.policy = only < 0 ? explore_policy(&scenario, i)
					   : (enum schedule_policy)only,
			.seed = explore_spread_seed(
				master_seed, &scenario, 0, i),
			.profile = profile,
		};
		struct model_run run;

		model_run(program, &how, &run);
		found = run.failed;
		model_run_release(&run);
	}
	return found;
}

static int findings(const struct model_program *program, int only, size_t count)
{
	struct schedule_profile profile = model_learn(program);
	int found = 0;

	for (uint64_t seed = 1; seed <= GRADINGS; seed++)
		found += finds(program, &profile, seed, only, count);
	schedule_profile_release(&profile);
	return found;
}

/* The table that it prints compares the policies: what each finds alone. */
Test(schedule, fifty_schedules_of_the_portfolio_find_each_mistake)
{
	int sum = 0;

	for (size_t i = 0; i < MODEL_MISTAKES; i++) {
		const struct model_program *program = &model_mistakes[i];
		int found = findings(program, -1, 50);

		printf("%-40s portfolio %3d", program->name, found);
		for (int only = 0; only < SCHEDULE_NUMBERED; only++)
			printf("  %s %3d",
				schedule_policy_name(
					(enum schedule_policy)only),
				findings(program, only, 50));
		printf("\n");
		cr_expect_geq(found, 95, "%s: %d", program->name, found);
		sum += found;
	}
	cr_expect_geq(sum, 99 * (int)MODEL_MISTAKES, "%d", sum);
}
