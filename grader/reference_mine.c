/*
 * Facts are ranges and sets that grow with each run.  Orders are counted for
 * pairs of observations, at three levels, from the broadest down:
 *
 *	each	all of one kind against all of another ("searched" before
 *		"done"), whoever they are of;
 *	same	the same, within one subject ("searched" before "bought" of
 *		one buyer); holds for outcomes that not every run has;
 *	one	this observation against that one, for those that every run
 *		has ("is running(child=1)#1" before "is running(child=2)#1").
 *
 * An order is stored at the broadest level at which it always held, and of the
 * finest level only the transitive reduction: what follows from the rest need
 * not be read by anybody.
 *
 * A label that every run has is in the first run, so the table of labels is
 * made then and only loses entries.
 */
#include "grader/reference_mine.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "trace/happens_before.h"

#ifndef GRADER_VERSION
#define GRADER_VERSION "unknown"
#endif

/* Pairs (first, second) of two kinds, over all runs. */
struct pair_count {
	size_t pairs;
	size_t ordered; /* first before second */
	size_t tasks;   /* pairs of different tasks ... */
	size_t overlap; /* ... and those unordered among them */
};

struct label {
	char *text;
	int kind;
	char *subject;
	size_t runs; /* that have it */
};

struct reference_miner {
	struct reference reference;
	const struct scenario *scenario;
	size_t runs, kind_count;
	struct pair_count *each, *same; /* kind_count squared */
	size_t *runs_with_kind;
	struct label *labels; /* of the first run */
	size_t label_count;
	size_t *before; /* label_count squared: runs with first before second */
};

static int kind_index(const struct reference_miner *miner, const char *kind)
{
	size_t i;

	for (i = 0; i < miner->kind_count; i++)
		if (!strcmp(miner->reference.counts[i].kind, kind))
			return (int)i;
	return -1;
}

/* Several patterns may make one kind. */
static void add_kinds(
	struct reference_miner *miner, const struct exercise *exercise)
{
	struct reference *reference = &miner->reference;
	struct reference_count *count;
	size_t i;

	reference->counts =
		xcalloc(exercise->pattern_count, sizeof(*reference->counts));
	for (i = 0; i < exercise->pattern_count; i++) {
		if (kind_index(miner, exercise->patterns[i].kind) >= 0)
			continue;
		count = &reference->counts[miner->kind_count++];
		count->kind = xstrdup(exercise->patterns[i].kind);
	}
	reference->count_count = miner->kind_count;
}

struct reference_miner *reference_miner_new(const struct exercise *exercise,
	const struct scenario *scenario, uint64_t master_seed)
{
	struct reference_miner *miner = xcalloc(1, sizeof(*miner));
	struct reference *reference = &miner->reference;
	size_t i;

	miner->scenario = scenario;
	reference->exercise = xstrdup(exercise->id);
	reference->scenario = xstrdup(scenario->id);
	reference->command = xstrdup(scenario->command);
	reference->grader = xstrdup(GRADER_VERSION);
	reference->seed = master_seed;
	reference->files =
		xcalloc(scenario->file_count, sizeof(*reference->files));
	reference->file_count = scenario->file_count;
	for (i = 0; i < scenario->file_count; i++)
		reference->files[i].name = xstrdup(scenario->files[i].name);
	add_kinds(miner, exercise);
	miner->each = xcalloc(
		miner->kind_count * miner->kind_count, sizeof(*miner->each));
	miner->same = xcalloc(
		miner->kind_count * miner->kind_count, sizeof(*miner->same));
	miner->runs_with_kind =
		xcalloc(miner->kind_count, sizeof(*miner->runs_with_kind));
	return miner;
}

size_t reference_miner_runs(const struct reference_miner *miner)
{
	return miner->runs;
}

/* Takes TEXT. */
static void add_variant(struct reference_variants *variants, char *text)
{
	size_t i, at = 0;
	int order = 1;

	while (at < variants->count) {
		order = strcmp(variants->texts[at], text);
		if (order >= 0)
			break;
		at++;
	}
	if (variants->varies || (at < variants->count && order == 0)) {
		free(text);
		return;
	}
	if (variants->count == REFERENCE_VARIANTS_MAX) {
		for (i = 0; i < variants->count; i++)
			free(variants->texts[i]);
		free(text);
		variants->count = 0;
		variants->varies = true;
		return;
	}
	if (!variants->texts)
		variants->texts = xcalloc(
			REFERENCE_VARIANTS_MAX, sizeof(*variants->texts));
	for (i = variants->count; i > at; i--)
		variants->texts[i] = variants->texts[i - 1];
	variants->texts[at] = text;
	variants->count++;
}

static void add_to_range(
	struct reference_range *range, int64_t value, bool is_first)
{
	if (is_first || value < range->min)
		range->min = value;
	if (is_first || value > range->max)
		range->max = value;
}

/* Takes GROUP. */
static struct reference_variants *find_group(
	struct reference *reference, char *group)
{
	struct reference_variants *list = reference->sequences;
	size_t i, count = reference->sequence_count;

	for (i = 0; i < count; i++)
		if (!strcmp(list[i].name, group)) {
			free(group);
			return &list[i];
		}
	list = xreallocarray(list, count + 1, sizeof(*list));
	memset(&list[count], 0, sizeof(*list));
	list[count].name = group;
	reference->sequences = list;
	reference->sequence_count++;
	return &list[count];
}

static void add_facts(
	struct reference_miner *miner, const struct observed_run *run)
{
	struct reference *reference = &miner->reference;
	bool is_first = miner->runs == 0;
	int64_t *counts = xcalloc(miner->kind_count, sizeof(*counts));
	char *content;
	size_t i;

	for (i = 0; i < run->observation_count; i++)
		counts[kind_index(miner, run->observations[i].kind)]++;
	for (i = 0; i < miner->kind_count; i++) {
		add_to_range(&reference->counts[i].range, counts[i], is_first);
		miner->runs_with_kind[i] += counts[i] > 0;
	}
	free(counts);
	add_to_range(&reference->printers, reference_printers(run), is_first);
	add_to_range(
		&reference->duration_us, reference_duration(run), is_first);
	add_variant(&reference->end, reference_end(run));
	for (i = 0; i < reference->file_count; i++) {
		content = reference_file(run, reference->files[i].name);
		add_variant(&reference->files[i],
			content ? content : xstrdup("(no such file)"));
	}
	for (i = 0; i < run->observation_count; i++)
		if (reference_begins_sequence(run, i))
			add_variant(
				find_group(reference,
					reference_group(
						run->observations[i].subject)),
				reference_sequence(run, i));
}

static void count_pair(struct pair_count *count,
	const struct observation *first, const struct observation *second,
	const struct happens_before *order)
{
	bool is_before = happens_before(order, first->event, second->event);

	count->pairs++;
	count->ordered += is_before;
	if (first->task == second->task)
		return;
	count->tasks++;
	count->overlap += !is_before &&
			  !happens_before(order, second->event, first->event);
}

static void add_pairs(struct reference_miner *miner,
	const struct observed_run *run, size_t count,
	const struct happens_before *order)
{
	const struct observation *seen = run->observations;
	int *kinds = xcalloc(count, sizeof(*kinds));
	size_t i, j, cell;

	for (i = 0; i < count; i++)
		kinds[i] = kind_index(miner, seen[i].kind);
	for (i = 0; i < count; i++)
		for (j = 0; j < count; j++) {
			if (i == j)
				continue;
			cell = (size_t)kinds[i] * miner->kind_count +
			       (size_t)kinds[j];
			count_pair(
				&miner->each[cell], &seen[i], &seen[j], order);
			if (*seen[i].subject &&
				!strcmp(seen[i].subject, seen[j].subject))
				count_pair(&miner->same[cell], &seen[i],
					&seen[j], order);
		}
	free(kinds);
}

static void make_labels(struct reference_miner *miner,
	const struct observed_run *run, char **labels, size_t count)
{
	struct label *label;
	size_t i;

	miner->label_count = count;
	miner->labels = xcalloc(count, sizeof(*miner->labels));
	miner->before = xcalloc(count * count, sizeof(*miner->before));
	for (i = 0; i < count; i++) {
		label = &miner->labels[i];
		label->text = xstrdup(labels[i]);
		label->kind = kind_index(miner, run->observations[i].kind);
		label->subject = xstrdup(run->observations[i].subject);
	}
}

static void add_labels(struct reference_miner *miner,
	const struct observed_run *run, size_t count,
	const struct happens_before *order)
{
	char **labels = reference_labels(run);
	size_t *event, i, j;

	if (miner->runs == 0)
		make_labels(miner, run, labels, count);
	/* the event of each label of the table, SIZE_MAX when it is missing */
	event = xcalloc(miner->label_count, sizeof(*event));
	for (i = 0; i < miner->label_count; i++) {
		event[i] = SIZE_MAX;
		for (j = 0; j < count; j++)
			if (!strcmp(labels[j], miner->labels[i].text)) {
				event[i] = run->observations[j].event;
				miner->labels[i].runs++;
				break;
			}
	}
	for (i = 0; i < miner->label_count; i++)
		for (j = 0; j < miner->label_count; j++)
			if (event[i] != SIZE_MAX && event[j] != SIZE_MAX)
				miner->before[i * miner->label_count + j] +=
					happens_before(
						order, event[i], event[j]);
	free(event);
	reference_free_labels(labels, run);
}

static void count_solution(struct reference *reference, const char *name)
{
	struct reference_solution *list = reference->solutions;
	size_t i, at = 0, count = reference->solution_count;

	while (at < count && strcmp(list[at].name, name) < 0)
		at++;
	if (at == count || strcmp(list[at].name, name) != 0) {
		list = xreallocarray(list, count + 1, sizeof(*list));
		for (i = count; i > at; i--)
			list[i] = list[i - 1];
		list[at].name = xstrdup(name);
		list[at].schedules = 0;
		reference->solutions = list;
		reference->solution_count++;
	}
	list[at].schedules++;
}

void reference_miner_add(struct reference_miner *miner, const char *solution,
	const struct observed_run *run)
{
	struct happens_before *order =
		happens_before_new(run->trace, HAPPENS_FILES_IGNORED);
	size_t count = run->observation_count;

	if (count > REFERENCE_OBSERVATIONS_MAX)
		count = REFERENCE_OBSERVATIONS_MAX;
	add_facts(miner, run);
	add_pairs(miner, run, count, order);
	add_labels(miner, run, count, order);
	count_solution(&miner->reference, solution);
	miner->runs++;
	happens_before_free(order);
}

static bool always(const struct reference_miner *miner,
	const struct pair_count *counts, size_t first, size_t second)
{
	const struct pair_count *count =
		&counts[first * miner->kind_count + second];

	return count->pairs > 0 && count->ordered == count->pairs;
}

static bool never_overlap(
	const struct reference_miner *miner, size_t first, size_t second)
{
	const struct pair_count *count =
		&miner->each[first * miner->kind_count + second];

	return count->tasks > 0 && count->overlap == 0;
}

static void add_order(struct reference_miner *miner,
	enum reference_relation relation, enum reference_scope scope,
	const char *first, const char *second)
{
	struct reference *reference = &miner->reference;
	struct reference_order order = {
		relation, scope, xstrdup(first), xstrdup(second)};

	grow_array(&reference->orders, reference->order_count,
		&reference->order_capacity, sizeof(*reference->orders));
	reference->orders[reference->order_count++] = order;
}

/* A before C follows from A before B and B before C, if there is always a B. */
static bool follows(
	const struct reference_miner *miner, size_t first, size_t second)
{
	size_t i;

	for (i = 0; i < miner->kind_count; i++)
		if (i != first && i != second &&
			miner->runs_with_kind[i] == miner->runs &&
			always(miner, miner->each, first, i) &&
			always(miner, miner->each, i, second))
			return true;
	return false;
}

static void mine_kind_pair(struct reference_miner *miner, size_t i, size_t j)
{
	const char *first = miner->reference.counts[i].kind;
	const char *second = miner->reference.counts[j].kind;

	if (always(miner, miner->each, i, j)) {
		if (!follows(miner, i, j))
			add_order(miner, REFERENCE_MUST_PRECEDE, REFERENCE_EACH,
				first, second);
		return;
	}
	if (always(miner, miner->same, i, j))
		add_order(miner, REFERENCE_MUST_PRECEDE, REFERENCE_SAME, first,
			second);
	if (i > j || always(miner, miner->each, j, i))
		return;
	if (never_overlap(miner, i, j))
		add_order(miner, REFERENCE_NEVER_CONCURRENT, REFERENCE_EACH,
			first, second);
	else if (miner->each[i * miner->kind_count + j].overlap)
		add_order(miner, REFERENCE_MAY_OVERLAP, REFERENCE_EACH, first,
			second);
}

/* Label I before label J in every run. */
static bool label_before(
	const struct reference_miner *miner, size_t i, size_t j)
{
	return miner->before[i * miner->label_count + j] == miner->runs;
}

static bool is_implied(const struct reference_miner *miner, size_t i, size_t j)
{
	const struct label *first = &miner->labels[i];
	const struct label *second = &miner->labels[j];
	size_t k;

	if (always(miner, miner->each, (size_t)first->kind,
		    (size_t)second->kind))
		return true;
	/* the lines of one kind of one subject: its sequence says so */
	if (*first->subject && !strcmp(first->subject, second->subject) &&
		(first->kind == second->kind ||
			always(miner, miner->same, (size_t)first->kind,
				(size_t)second->kind)))
		return true;
	for (k = 0; k < miner->label_count; k++)
		if (label_before(miner, i, k) && label_before(miner, k, j))
			return true;
	return false;
}

/* Label I is in every run, and so is its order with label J. */
static void mine_label_pair(struct reference_miner *miner, size_t i, size_t j)
{
	const struct label *first = &miner->labels[i];
	const struct label *second = &miner->labels[j];
	size_t n = miner->label_count;

	if (label_before(miner, i, j)) {
		if (!is_implied(miner, i, j))
			add_order(miner, REFERENCE_MUST_PRECEDE, REFERENCE_ONE,
				first->text, second->text);
		return;
	}
	if (i > j || label_before(miner, j, i) ||
		miner->before[i * n + j] + miner->before[j * n + i] <
			miner->runs ||
		never_overlap(miner, (size_t)first->kind, (size_t)second->kind))
		return;
	add_order(miner, REFERENCE_NEVER_CONCURRENT, REFERENCE_ONE, first->text,
		second->text);
}

static int compare_orders(const void *a, const void *b)
{
	const struct reference_order *one = a, *other = b;
	int order = (int)one->relation - (int)other->relation;

	if (!order)
		order = (int)one->scope - (int)other->scope;
	if (!order)
		order = strcmp(one->first, other->first);
	return order ? order : strcmp(one->second, other->second);
}

static int compare_variants(const void *a, const void *b)
{
	const struct reference_variants *one = a, *other = b;

	return strcmp(one->name, other->name);
}

static void mine_orders(struct reference_miner *miner)
{
	struct reference *reference = &miner->reference;
	size_t i, j;

	for (i = 0; i < miner->kind_count; i++)
		for (j = 0; j < miner->kind_count; j++)
			mine_kind_pair(miner, i, j);
	for (i = 0; i < miner->label_count; i++)
		for (j = 0; j < miner->label_count; j++)
			if (i != j && miner->labels[i].runs == miner->runs &&
				miner->labels[j].runs == miner->runs)
				mine_label_pair(miner, i, j);
	if (reference->order_count)
		qsort(reference->orders, reference->order_count,
			sizeof(*reference->orders), compare_orders);
	if (reference->sequence_count)
		qsort(reference->sequences, reference->sequence_count,
			sizeof(*reference->sequences), compare_variants);
}

void reference_miner_finish(
	struct reference_miner *miner, struct reference *reference)
{
	size_t i;

	if (reference) {
		if (miner->runs)
			mine_orders(miner);
		*reference = miner->reference;
	} else {
		reference_release(&miner->reference);
	}
	for (i = 0; i < miner->label_count; i++) {
		free(miner->labels[i].text);
		free(miner->labels[i].subject);
	}
	free(miner->labels);
	free(miner->before);
	free(miner->each);
	free(miner->same);
	free(miner->runs_with_kind);
	free(miner);
}
