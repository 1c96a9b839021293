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

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/compile.h"
#include "grader/hash.h"
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

size_t explore_schedules(const struct explore_target *target, size_t scenario)
{
	const struct scenario *what = &target->exercise->scenarios[scenario];

	if (target->schedules == 0)
		return what->schedules;
	if (what->early_exit && target->schedules > what->schedules)
		return what->schedules;
	return target->schedules;
}

static void fill_header(struct trace *trace,
	const struct explore_target *target, const struct scenario *scenario,
	const struct explore_schedule *schedule)
{
	const struct program *program = target->program;
	struct buf switches = {0};

	free(trace->exercise);
	free(trace->scenario);
	free(trace->policy);
	free(trace->program_hash);
	free(trace->switches);
	switches_write(&switches, schedule->switches, schedule->switch_count);
	trace->exercise = xstrdup(target->exercise->id);
	trace->scenario = xstrdup(scenario->id);
	trace->policy = xstrdup(schedule_policy_name(schedule->policy));
	trace->switches = schedule->switch_count ? buf_detach(&switches) : NULL;
	trace->program_hash = xstrdup(program->hash ? program->hash : "");
	trace->seed = schedule->seed;
	buf_release(&switches);
}

int explore_replay(const struct explore_target *target, size_t scenario,
	const struct explore_schedule *schedule, struct run_outcome *outcome,
	struct err *err)
{
	const struct scenario *what = &target->exercise->scenarios[scenario];
	const struct program *program = target->program;
	struct run_spec spec = {
		.program_fd = program->fd,
		.argv = (const char *const *)what->argv,
		.stdin_data = what->stdin_data,
		.stdin_length = what->stdin_length,
		.stdout_kind = what->stdout_kind,
		.files = what->files,
		.file_count = what->file_count,
		.limits = what->limits,
		.policy = schedule->policy,
		.seed = schedule->seed,
		.switches = schedule->switches,
		.switch_count = schedule->switch_count,
		.faults = what->faults,
		.fault_count = what->fault_count,
		.allow_unix_sockets = target->exercise->allow_unix_sockets,
		.code_low = program->code_low,
		.code_high = program->code_high,
		.unwind = program->places ? places_unwind : NULL,
		.unwind_context = program->places,
	};
	int error = run_program(target->jail, &spec, outcome, err);

	if (error != 0)
		return err_context(err, error, "scenario '%s'", what->id);
	fill_header(&outcome->trace, target, what, schedule);
	return 0;
}

int explore_run(const struct explore_target *target, size_t scenario,
	enum schedule_policy policy, uint64_t seed, struct run_outcome *outcome,
	struct err *err)
{
	const struct explore_schedule schedule = {
		.policy = policy, .seed = seed};

	return explore_replay(target, scenario, &schedule, outcome, err);
}

char *explore_trace_hash(const struct observed_run *run)
{
	struct hash *hash = hash_new();
	struct buf text = {0};

	trace_json_write(&text, run->trace, run->place, run->place_context);
	hash_add(hash, text.data, text.length);
	buf_release(&text);
	return hash_hex(hash);
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
	size_t index, explore_visit_fn *visit, void *context,
	struct explore_stats *stats, uint64_t *hashes, struct err *err)
{
	enum schedule_policy policy = explore_policy(index);
	uint64_t seed = explore_seed(target->master_seed, scenario, index);
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
	int error = 0;

	for (size_t i = 0; error == 0 && i < count; i++)
		error = visit_schedule(target, scenario, i, visit, context,
			&made, hashes, err);
	if (stats)
		*stats = made;
	return error;
}
