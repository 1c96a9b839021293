/*
 * Schedules are numbered.  Number 0 runs each process until it blocks: the
 * order that a student would draw on paper.  The others take the policies of
 * PORTFOLIO in turn, each with a seed of its own, hashed from the master
 * seed, the scenario and the number.
 *
 * Distinct traces are counted by a hash of the trace's text without its
 * header, which names the seed.
 */
#include "grader/explore.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/compile.h"
#include "grader/places.h"
#include "trace/trace_json.h"

static const enum schedule_policy PORTFOLIO[] = {
	SCHEDULE_RANDOM,
};
#define PORTFOLIO_COUNT (sizeof(PORTFOLIO) / sizeof(PORTFOLIO[0]))

enum schedule_policy explore_policy(size_t index)
{
	if (index == 0)
		return SCHEDULE_RUN_TO_BLOCK;
	return PORTFOLIO[(index - 1) % PORTFOLIO_COUNT];
}

/* The finalizer of splitmix64. */
static uint64_t mix(uint64_t value)
{
	value += UINT64_C(0x9e3779b97f4a7c15);
	value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
	return value ^ (value >> 31);
}

uint64_t explore_seed(uint64_t master_seed, size_t scenario, size_t index)
{
	return mix(mix(mix(master_seed) ^ scenario) ^ index);
}

/* Of the schedule INDEX: which time round, and which chance. */
static size_t sweep_round(size_t index, size_t chances, size_t schedules)
{
	return chances > 0 && chances < schedules ? index / chances : 0;
}

static size_t sweep_place(size_t index, size_t chances, size_t schedules)
{
	if (chances <= 1)
		return 0;
	if (chances <= schedules)
		return index % chances;
	return index * chances / schedules;
}

enum schedule_policy explore_swept_policy(
	size_t index, size_t chances, size_t schedules)
{
	return sweep_round(index, chances, schedules) == 0
		       ? explore_policy(0)
		       : explore_policy(index);
}

static uint64_t without_place(uint64_t seed)
{
	return seed >> EXPLORE_PLACE_BITS << EXPLORE_PLACE_BITS;
}

uint64_t explore_swept_seed(uint64_t master_seed, size_t scenario, size_t index,
	size_t chances, size_t schedules)
{
	size_t round = sweep_round(index, chances, schedules);
	uint64_t seed =
		explore_seed(master_seed, scenario, round == 0 ? 0 : index);

	return without_place(seed) | sweep_place(index, chances, schedules);
}

size_t explore_schedules(const struct explore_target *target, size_t scenario)
{
	const struct scenario *what = &target->exercise->scenarios[scenario];

	if (target->schedules == 0)
		return what->schedules;
	if (what->early_exit && target->schedules > what->schedules)
		return what->schedules;
	return target->schedules;
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
	spec->store_buffer = !program->has_assembler;
	spec->unwind = program->places ? places_unwind : NULL;
	spec->unwind_context = program->places;
	error = run_program(jail, spec, outcome, err);
	if (error != 0)
		return error;
	free(trace->policy);
	free(trace->program_hash);
	trace->policy = xstrdup(schedule_policy_name(spec->policy));
	trace->program_hash = xstrdup(program->hash ? program->hash : "");
	trace->seed = spec->seed;
	return 0;
}

/* NTH: of the fault that the scenario sweeps. */
static int run_once(const struct explore_target *target, size_t scenario,
	enum schedule_policy policy, uint64_t seed, int nth,
	struct run_outcome *outcome, struct err *err)
{
	const struct scenario *what = &target->exercise->scenarios[scenario];
	auto_free struct run_fault *faults =
		xcalloc(what->fault_count + 1, sizeof(*faults));
	struct run_spec spec = {
		.argv = (const char *const *)what->argv,
		.stdin_data = what->stdin_data,
		.stdin_length = what->stdin_length,
		.stdout_kind = what->stdout_kind,
		.files = what->files,
		.file_count = what->file_count,
		.limits = what->limits,
		.policy = policy,
		.seed = what->sweeps ? without_place(seed) : seed,
		.faults = faults,
		.fault_count = what->fault_count,
		.allow_unix_sockets = target->exercise->allow_unix_sockets,
	};
	struct trace *trace = &outcome->trace;
	int error;

	if (what->fault_count > 0)
		memcpy(faults, what->faults,
			what->fault_count * sizeof(*faults));
	if (what->sweeps)
		faults[what->swept].nth = nth;
	error = explore_program(
		target->jail, target->program, &spec, outcome, err);
	if (error != 0)
		return err_context(err, error, "scenario '%s'", what->id);
	free(trace->exercise);
	free(trace->scenario);
	trace->exercise = xstrdup(target->exercise->id);
	trace->scenario = xstrdup(what->id);
	trace->seed = seed;
	return 0;
}

int explore_run(const struct explore_target *target, size_t scenario,
	enum schedule_policy policy, uint64_t seed, struct run_outcome *outcome,
	struct err *err)
{
	return run_once(target, scenario, policy, seed,
		(int)(seed - without_place(seed)), outcome, err);
}

/* How many chances the swept fault has while it does not come. */
static int count_chances(const struct explore_target *target, size_t scenario,
	size_t *chances, struct err *err)
{
	const struct scenario *what = &target->exercise->scenarios[scenario];
	const size_t most = (size_t)1 << EXPLORE_PLACE_BITS;
	struct run_outcome outcome = {0};
	int error;

	*chances = 0;
	if (!what->sweeps)
		return 0;
	error = run_once(target, scenario, explore_policy(0),
		explore_swept_seed(target->master_seed, scenario, 0, 1, 1),
		INT_MAX, &outcome, err);
	if (error != 0)
		return error;
	*chances = outcome.fault_chances[what->swept];
	if (*chances > most)
		*chances = most;
	run_outcome_release(&outcome);
	return 0;
}

/* FNV-1a over the trace's events as text. */
static uint64_t trace_hash(const struct trace *trace)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	struct buf text = {0};

	trace_json_write(&text, trace, NULL, NULL);
	for (size_t i = strcspn(buf_text(&text), "\n"); i < text.length; i++)
		hash = (hash ^ (unsigned char)text.data[i]) *
		       UINT64_C(0x100000001b3);
	buf_release(&text);
	return hash;
}

static void count_trace(struct explore_stats *stats,
	const struct run_outcome *outcome, uint64_t *hashes)
{
	uint64_t hash = trace_hash(&outcome->trace);
	size_t i = 0;

	while (i < stats->distinct && hashes[i] != hash)
		i++;
	if (i == stats->distinct)
		hashes[stats->distinct++] = hash;
	stats->schedules++;
	stats->virtual_us += trace_end_us(&outcome->trace);
}

static int visit_schedule(const struct explore_target *target, size_t scenario,
	size_t index, size_t chances, explore_visit_fn *visit, void *context,
	struct explore_stats *stats, uint64_t *hashes, struct err *err)
{
	size_t schedules = explore_schedules(target, scenario);
	bool sweeps = target->exercise->scenarios[scenario].sweeps;
	enum schedule_policy policy =
		sweeps ? explore_swept_policy(index, chances, schedules)
		       : explore_policy(index);
	uint64_t seed =
		sweeps ? explore_swept_seed(target->master_seed, scenario,
				 index, chances, schedules)
		       : explore_seed(target->master_seed, scenario, index);
	struct run_outcome outcome = {0};
	struct observed_run run = {
		.exercise = target->exercise,
		.scenario = &target->exercise->scenarios[scenario],
		.outcome = &outcome,
		.trace = &outcome.trace,
		.schedule = index,
		.policy = policy,
		.seed = seed,
		.place = target->program->places ? places_find : NULL,
		.place_context = target->program->places,
	};
	int error = explore_run(target, scenario, policy, seed, &outcome, err);

	if (error != 0)
		return error;
	count_trace(stats, &outcome, hashes);
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
	auto_free uint64_t *hashes = xcalloc(count + 1, sizeof(*hashes));
	struct explore_stats made = {0};
	size_t chances;
	int error = count_chances(target, scenario, &chances, err);

	for (size_t i = 0; error == 0 && i < count; i++)
		error = visit_schedule(target, scenario, i, chances, visit,
			context, &made, hashes, err);
	if (stats)
		*stats = made;
	return error;
}
