/*
 * Schedules are numbered.  Number 0 runs each process until it blocks: the
 * order that a student would draw on paper.  The others take the policies of
 * a portfolio in turn, each with a seed of its own; see explore_seed.c.
 *
 * Some policies go by a profile of the program.  It comes from two runs of its
 * own, run to block and at random, which also shows what is done only when
 * tasks get in each other's way.  Both have fixed seeds, so that the profile
 * depends on the program and the scenario alone and one schedule can be made
 * again from its policy and seed.  They are made when the first schedule asks
 * for them, which is after two that do not: a program that hits limits is left
 * by then.
 *
 * When the scenario has few orders, as far as those seen so far tell, they are
 * run one after the other instead, by their numbers: see orders.h.
 */
#include "grader/explore.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/compile.h"
#include "grader/hash.h"
#include "grader/orders.h"
#include "grader/places.h"
#include "grader/sign_of_life.h"
#include "scheduler/schedule.h"
#include "trace/races.h"
#include "trace/trace_json.h"

#define PROFILE_SEED 0
#define THOROUGH_FACTOR 10
#define RACES_MAX 16

size_t explore_schedules(const struct explore_target *target, size_t scenario)
{
	const struct scenario *what = &target->exercise->scenarios[scenario];
	size_t count = target->schedules ? target->schedules : what->schedules;

	if (target->thorough)
		count *= THOROUGH_FACTOR;
	if (what->early_exit && count > what->schedules)
		return what->schedules;
	return count;
}

static void shorten(struct run_limits *limits)
{
	const struct run_limits *usual = &RUN_LIMITS_DEFAULT;

#define SHORTEN(field)                                                         \
	(limits->field = (limits->field ? limits->field : usual->field) /      \
			 EXPLORE_SHORTER)
	SHORTEN(processes_made);
	SHORTEN(cpu_us);
	SHORTEN(wall_us);
	SHORTEN(steps);
	SHORTEN(trace_bytes);
#undef SHORTEN
}

/* What the two highest bits of the seed say. */
static void treat(struct run_spec *spec, const struct program *program)
{
	uint64_t marks = spec->seed & EXPLORE_SHORT;

	/* in a numbered order nothing but the choices differs */
	if (spec->policy == SCHEDULE_NUMBERED)
		return;
	spec->store_buffer = !program->has_assembler && marks == EXPLORE_STORES;
	spec->some_accesses = marks == EXPLORE_SOME;
	if (marks == EXPLORE_SHORT)
		shorten(&spec->limits);
}

int explore_program(const struct jail_context *jail,
	const struct program *program, struct run_spec *spec,
	struct run_outcome *outcome, struct err *err)
{
	struct trace *trace = &outcome->trace;
	int error;

	spec->program_fd = program->fd;
	spec->code_low = program->code_low;
	spec->code_high = program->code_high;
	spec->hooks = program->hooks;
	spec->streams = places_streams(program->places);
	treat(spec, program);
	spec->unwind = program->places ? places_unwind : NULL;
	spec->unwind_context = program->places;
	error = run_program(jail, spec, outcome, err);
	sign_of_life();
	if (error != 0)
		return error;
	free(trace->policy);
	free(trace->program_hash);
	trace->policy = xstrdup(schedule_policy_name(spec->policy));
	trace->program_hash = xstrdup(program->hash ? program->hash : "");
	trace->seed = spec->seed;
	return 0;
}

/* The fixed choices, which are a part of what makes the run again. */
static void note_switches(struct trace *trace, const struct run_spec *how)
{
	struct buf switches = {0};

	free(trace->switches);
	switches_write(&switches, how->switches, how->switch_count);
	trace->switches = how->switch_count ? buf_detach(&switches) : NULL;
	buf_release(&switches);
}

/* NTH: of the fault that the scenario sweeps. */
static int run_once(const struct explore_target *target, size_t scenario,
	const struct run_spec *how, int nth, struct run_outcome *outcome,
	struct err *err)
{
	const struct scenario *what = &target->exercise->scenarios[scenario];
	auto_free struct run_fault *faults =
		xcalloc(what->fault_count + 1, sizeof(*faults));
	struct run_spec spec = *how;
	struct trace *trace = &outcome->trace;
	int error;

	if (what->fault_count > 0)
		memcpy(faults, what->faults,
			what->fault_count * sizeof(*faults));
	if (what->sweeps) {
		faults[what->swept].nth = nth;
		spec.seed = spec.seed >> EXPLORE_PLACE_BITS
						 << EXPLORE_PLACE_BITS;
	}
	spec.argv = (const char *const *)what->argv;
	spec.stdin_data = what->stdin_data;
	spec.stdin_length = what->stdin_length;
	spec.stdout_kind = what->stdout_kind;
	spec.files = what->files;
	spec.file_count = what->file_count;
	spec.limits = what->limits;
	spec.faults = faults;
	spec.fault_count = what->fault_count;
	spec.allow_unix_sockets = target->exercise->allow_unix_sockets;
	spec.early_clock = what->early_clock;
	spec.first_pid = (int)what->first_pid;
	spec.up_us = what->up_us;
	spec.outlives_main = what->outlives_main;
	spec.after_main_us =
		what->outlives_main ? 0 : target->exercise->after_main_us;
	spec.starts = what->starts;
	spec.start_count = what->start_count;
	error = explore_program(
		target->jail, target->program, &spec, outcome, err);
	if (error != 0)
		return err_context(err, error, "scenario '%s'", what->id);
	free(trace->exercise);
	free(trace->scenario);
	trace->exercise = xstrdup(target->exercise->id);
	trace->scenario = xstrdup(what->id);
	trace->seed = how->seed;
	note_switches(trace, how);
	return 0;
}

/* The chance that the seed names, where one is swept. */
static int place_of(uint64_t seed)
{
	return (int)(seed & ((UINT64_C(1) << EXPLORE_PLACE_BITS) - 1));
}

/* The mark of a run that need not be long, if so. */
static uint64_t mark_of(const struct explore_target *target)
{
	return target->brief && *target->brief ? EXPLORE_SHORT : 0;
}

/* How many chances the swept fault has while it does not come. */
static int count_chances(const struct explore_target *target, size_t scenario,
	size_t *chances, struct err *err)
{
	const struct scenario *what = &target->exercise->scenarios[scenario];
	const size_t most = (size_t)1 << EXPLORE_PLACE_BITS;
	const struct run_spec spec = {
		.policy = SCHEDULE_RUN_TO_BLOCK,
		.seed = explore_swept_seed(
				target->master_seed, scenario, 0, 1, 1) |
			mark_of(target),
	};
	struct run_outcome outcome = {0};
	int error;

	*chances = 0;
	if (!what->sweeps)
		return 0;
	error = run_once(target, scenario, &spec, INT_MAX, &outcome, err);
	if (error != 0)
		return error;
	*chances = outcome.fault_chances[what->swept];
	if (*chances > most)
		*chances = most;
	run_outcome_release(&outcome);
	return 0;
}

/* The first counts; the other adds what it did not show. */
static const struct run_spec PROFILE_RUNS[] = {
	{
		.policy = SCHEDULE_RUN_TO_BLOCK,
		.seed = PROFILE_SEED,
		.learn = true,
	},
	{
		.policy = SCHEDULE_RANDOM,
		.seed = PROFILE_SEED,
		.learn = true,
	},
};
#define PROFILE_RUN_COUNT (sizeof(PROFILE_RUNS) / sizeof(PROFILE_RUNS[0]))

static void note_races(
	const struct trace *trace, struct schedule_profile *profile)
{
	struct race races[RACES_MAX];
	size_t count = races_find(trace, races, RACES_MAX);

	for (size_t i = 0; i < count; i++) {
		schedule_profile_note_race(
			profile, trace->events[races[i].earlier].pc);
		schedule_profile_note_race(
			profile, trace->events[races[i].later].pc);
	}
}

/* Takes the outcome; true when there may be more to learn. */
static bool take_profile(
	struct run_outcome *outcome, struct schedule_profile *profile)
{
	/* where exactly a real limit strikes differs from run to run */
	bool usable = outcome->end != RUN_END_LIMIT;

	if (usable) {
		schedule_profile_add(profile, &outcome->profile);
		note_races(&outcome->trace, profile);
	}
	run_outcome_release(outcome);
	return usable;
}

int explore_profile(const struct jail_context *jail,
	const struct program *program, const struct run_spec *like,
	struct schedule_profile *profile, struct err *err)
{
	int error = 0;
	bool more = true;

	*profile = (struct schedule_profile){0};
	for (size_t i = 0; error == 0 && more && i < PROFILE_RUN_COUNT; i++) {
		struct run_spec spec = *like;
		struct run_outcome outcome = {0};

		spec.policy = PROFILE_RUNS[i].policy;
		spec.seed = PROFILE_RUNS[i].seed;
		spec.learn = PROFILE_RUNS[i].learn;
		error = explore_program(jail, program, &spec, &outcome, err);
		if (error == 0)
			more = take_profile(&outcome, profile);
	}
	return error;
}

int explore_learn(const struct explore_target *target, size_t scenario,
	struct schedule_profile *profile, struct err *err)
{
	int error = 0;
	bool more = true;

	*profile = (struct schedule_profile){0};
	for (size_t i = 0; error == 0 && more && i < PROFILE_RUN_COUNT; i++) {
		struct run_outcome outcome = {0};

		error = run_once(target, scenario, &PROFILE_RUNS[i], INT_MAX,
			&outcome, err);
		if (error == 0)
			more = take_profile(&outcome, profile);
	}
	return error;
}

int explore_run_informed(const struct explore_target *target, size_t scenario,
	enum schedule_policy policy, uint64_t seed,
	const struct schedule_profile *profile, struct run_outcome *outcome,
	struct err *err)
{
	const struct run_spec spec = {
		.policy = policy,
		.seed = seed,
		.profile = profile,
	};

	return run_once(target, scenario, &spec, place_of(seed), outcome, err);
}

int explore_replay(const struct explore_target *target, size_t scenario,
	const struct explore_schedule *schedule, struct run_outcome *outcome,
	struct err *err)
{
	struct schedule_profile profile = {0};
	const struct run_spec spec = {
		.policy = schedule->policy,
		.seed = schedule->seed,
		.switches = schedule->switches,
		.switch_count = schedule->switch_count,
		.profile = &profile,
	};
	int error = 0;

	if (schedule_policy_needs(schedule->policy) & POLICY_PROFILE)
		error = explore_learn(target, scenario, &profile, err);
	if (error == 0)
		error = run_once(target, scenario, &spec,
			place_of(schedule->seed), outcome, err);
	schedule_profile_release(&profile);
	return error;
}

int explore_run(const struct explore_target *target, size_t scenario,
	enum schedule_policy policy, uint64_t seed, struct run_outcome *outcome,
	struct err *err)
{
	const struct explore_schedule schedule = {
		.policy = policy, .seed = seed};

	return explore_replay(target, scenario, &schedule, outcome, err);
}

static void take_hash(void *to, const char *text, size_t length)
{
	hash_add(to, text, length);
}

char *explore_trace_hash(const struct observed_run *run)
{
	struct hash *hash = hash_new();

	trace_json_feed(
		run->trace, run->place, run->place_context, take_hash, hash);
	return hash_hex(hash);
}

static void count_trace(struct explore_stats *stats,
	const struct run_outcome *outcome, uint64_t *hashes)
{
	uint64_t hash = trace_fingerprint(&outcome->trace);
	size_t i = 0;

	while (i < stats->distinct && hashes[i] != hash)
		i++;
	if (i == stats->distinct)
		hashes[stats->distinct++] = hash;
	stats->schedules++;
	stats->virtual_us += trace_end_us(&outcome->trace);
}

/* The exploration of one scenario, under way. */
struct exploration {
	const struct explore_target *target;
	size_t scenario;
	struct schedule_profile profile;
	bool learnt;
	struct explore_stats stats;
	uint64_t *hashes; /* of distinct traces */
	struct orders orders;
	size_t count, chances; /* schedules; of the swept fault */
};

static int run_schedule(struct exploration *exploration,
	enum schedule_policy policy, uint64_t seed, struct run_outcome *outcome,
	struct err *err)
{
	int error = 0;

	if (!exploration->learnt &&
		(schedule_policy_needs(policy) & POLICY_PROFILE)) {
		error = explore_learn(exploration->target,
			exploration->scenario, &exploration->profile, err);
		exploration->learnt = true;
	}
	if (error != 0)
		return error;
	return explore_run_informed(exploration->target, exploration->scenario,
		policy, seed, &exploration->profile, outcome, err);
}

static void choose_schedule(
	struct exploration *exploration, struct observed_run *run)
{
	const struct explore_target *target = exploration->target;
	struct orders *orders = &exploration->orders;
	const uint64_t seed = target->master_seed;
	const size_t scenario = exploration->scenario;

	if (run->scenario->sweeps) {
		run->policy = explore_swept_policy(run->scenario, run->schedule,
			exploration->chances, exploration->count);
		run->seed = explore_swept_seed(seed, scenario, run->schedule,
			exploration->chances, exploration->count);
	} else if (run->schedule > 0 && !orders->given_up) {
		run->policy = SCHEDULE_NUMBERED;
		run->seed = orders->numbers[orders->next++];
	} else {
		run->policy = explore_policy(run->scenario, run->schedule);
		run->seed = explore_marked_seed(seed, run->scenario, scenario,
			run->schedule, target->racy && *target->racy);
	}
	if (run->policy != SCHEDULE_NUMBERED)
		run->seed |= mark_of(target);
}

static int visit_schedule(struct exploration *exploration, size_t index,
	explore_visit_fn *visit, void *context, struct err *err)
{
	struct orders *orders = &exploration->orders;
	const struct explore_target *target = exploration->target;
	struct run_outcome outcome = {0};
	struct observed_run run = {
		.exercise = target->exercise,
		.scenario = &target->exercise->scenarios[exploration->scenario],
		.outcome = &outcome,
		.trace = &outcome.trace,
		.schedule = index,
		.place = target->program->places ? places_find : NULL,
		.place_context = target->program->places,
	};
	int error;

	choose_schedule(exploration, &run);
	error = run_schedule(exploration, run.policy, run.seed, &outcome, err);
	if (error != 0)
		return error;
	count_trace(&exploration->stats, &outcome, exploration->hashes);
	if (!orders->given_up)
		orders_add(orders, index > 0 ? run.seed : 0, &outcome);
	observe_run(&run);
	error = visit(context, &run, err);
	observed_run_release(&run);
	run_outcome_release(&outcome);
	return error;
}

int explore_scenario(const struct explore_target *target, size_t scenario,
	explore_visit_fn *visit, void *context, struct explore_stats *stats,
	struct err *err)
{
	size_t count = explore_schedules(target, scenario);
	struct exploration exploration = {
		.target = target,
		.scenario = scenario,
		.count = count,
		.hashes = xcalloc(count + 1, sizeof(uint64_t)),
	};
	struct orders *orders = &exploration.orders;
	int error = count_chances(target, scenario, &exploration.chances, err);

	orders_start(orders, count,
		target->exercise->scenarios[scenario].early_clock);
	orders->given_up |= target->exercise->scenarios[scenario].sweeps;
	for (size_t i = 0; error == 0 && i < count; i++) {
		error = visit_schedule(&exploration, i, visit, context, err);
		if (orders->given_up || orders->next < orders->count)
			continue;
		/* late stores are not among the orders */
		if (target->racy && *target->racy) {
			orders->given_up = true;
			continue;
		}
		exploration.stats.exhausted = true;
		break;
	}
	orders_release(orders);
	if (stats)
		*stats = exploration.stats;
	schedule_profile_release(&exploration.profile);
	free(exploration.hashes);
	return error;
}
