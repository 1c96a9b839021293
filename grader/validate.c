/*
 * What is wrong with the results, and how they are told.
 */
#include "grader/validate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/message.h"
#include "grader/report/layout.h"

const char *trial_kind_name(enum trial_kind kind)
{
	static const char *const names[] = {
		[TRIAL_RIGHT] = "right",
		[TRIAL_WRONG] = "wrong",
		[TRIAL_STARTER] = "starter",
		[TRIAL_NOTHING] = "nothing",
		[TRIAL_BROKEN] = "broken",
		[TRIAL_MUTANT] = "mutant",
	};

	return names[kind];
}

static bool list_has(char *const *list, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(list[i], text))
			return true;
	return false;
}

bool trial_fails(const struct trial *trial, size_t criterion)
{
	return trial->states[criterion] == VERDICT_FAIL;
}

/* A mutant that a person has to look at is not let pass. */
static bool passes(const struct trial *trial, size_t criterion)
{
	return trial->states[criterion] == VERDICT_PASS;
}

static void judge_right(const struct exercise *exercise, struct trial *trial)
{
	const struct expectation *expected = &trial->expected;

	if (!trial->compiled)
		trial->fault = xstrdup(_("does not compile"));
	for (size_t i = 0; i < exercise->criterion_count && !trial->fault;
		i++) {
		const struct criterion_spec *spec = &exercise->criteria[i];
		bool missed = list_has(
			expected->missed, expected->missed_count, spec->id);

		if (!criterion_needs_person(spec) && passes(trial, i) == missed)
			trial->fault = xasprintf("%s: %s", spec->id,
				missed ? _("reached, but expect.json says not")
				       : verdict_state_name(
						 (enum verdict_state)
							 trial->states[i]));
	}
}

static void judge_wrong(const struct exercise *exercise, struct trial *trial)
{
	const struct expectation *expected = &trial->expected;

	if (!trial->compiled)
		trial->fault = xstrdup(_("does not compile"));
	else if (expected->criterion_count == 0)
		trial->fault = xstrdup(_("expect.json names no criterion"));
	for (size_t i = 0; i < exercise->criterion_count && !trial->fault;
		i++) {
		const char *id = exercise->criteria[i].id;
		bool must = list_has(
			expected->criteria, expected->criterion_count, id);
		bool may = list_has(expected->also, expected->also_count, id);

		if (must && !trial_fails(trial, i))
			trial->fault = xasprintf(_("%s: %s, must fail"), id,
				verdict_state_name(
					(enum verdict_state)trial->states[i]));
		else if (!must && !may && trial_fails(trial, i) &&
			 !exercise->criteria[i].extra)
			trial->fault = xasprintf(_("%s fails too"), id);
	}
}

static void judge_worthless(struct trial *trial)
{
	if (trial->kind == TRIAL_STARTER && !trial->compiled)
		trial->fault = xstrdup(_("does not compile"));
	else if (trial->kind == TRIAL_STARTER && trial->score >= 100)
		trial->fault = xstrdup(_("gets full marks"));
	else if (trial->kind != TRIAL_STARTER && trial->score > 0)
		trial->fault = xasprintf(_("gets %g points"), trial->score);
}

/* What the right one reaches, it does not. */
bool trial_is_killed(const struct exercise *exercise, const struct trial *trial)
{
	const struct expectation *expected = &trial->expected;

	for (size_t i = 0; i < exercise->criterion_count; i++)
		if (!criterion_needs_person(&exercise->criteria[i]) &&
			!passes(trial, i) &&
			!list_has(expected->missed, expected->missed_count,
				exercise->criteria[i].id))
			return true;
	return false;
}

static void judge_mutant(const struct exercise *exercise, struct trial *trial)
{
	if (!trial->compiled)
		return;
	if (trial_is_killed(exercise, trial)) {
		if (trial->reason)
			trial->fault = xstrdup(_(
				"is killed, but equivalent.json says why not"));
	} else if (!trial->reason) {
		trial->fault = xstrdup(_("lives"));
	}
}

static void add_fault(struct validation *to, char *text)
{
	grow_array(&to->faults, to->fault_count, &to->fault_capacity,
		sizeof(*to->faults));
	to->faults[to->fault_count++] = text;
}

/* Programs that show what a criterion is for. */
static bool is_evidence(const struct trial *trial)
{
	return trial->compiled &&
	       (trial->kind == TRIAL_WRONG || trial->kind == TRIAL_MUTANT);
}

struct kill_count validate_count_kills(
	const struct validation *in, size_t criterion)
{
	struct kill_count tally = {0};

	for (size_t i = 0; i < in->count; i++) {
		const struct trial *trial = &in->trials[i];
		bool alone = true;

		if (!is_evidence(trial) || !trial_fails(trial, criterion))
			continue;
		for (size_t j = 0; j < in->exercise->criterion_count; j++)
			alone &= j == criterion || !trial_fails(trial, j);
		tally.wrong += trial->kind == TRIAL_WRONG;
		tally.mutants += trial->kind == TRIAL_MUTANT;
		tally.alone += alone;
	}
	return tally;
}

/* Whoever fails ONE fails OTHER too; an extra is not asked of anybody. */
static bool is_shadow(const struct validation *in, size_t one, size_t other)
{
	for (size_t i = 0; i < in->count; i++)
		if (is_evidence(&in->trials[i]) &&
			trial_fails(&in->trials[i], one) &&
			!trial_fails(&in->trials[i], other))
			return false;
	return true;
}

/*
 * What a person judges needs no proof, and the rule `compiles` is proved by
 * the program that does not.
 */
static bool needs_no_proof(const struct criterion_spec *spec)
{
	return spec->points == 0 || criterion_needs_person(spec);
}

static void judge_criteria(struct validation *in)
{
	const struct exercise *exercise = in->exercise;

	for (size_t i = 0; i < exercise->criterion_count; i++) {
		const struct criterion_spec *spec = &exercise->criteria[i];
		struct kill_count tally = validate_count_kills(in, i);

		if (needs_no_proof(spec))
			continue;
		if (tally.wrong + tally.mutants == 0) {
			add_fault(
				in, xasprintf(_("criterion '%s' kills nothing"),
					    spec->id));
			continue;
		}
		for (size_t j = 0; j < exercise->criterion_count; j++)
			if (j != i && !exercise->criteria[j].extra &&
				is_shadow(in, i, j))
				add_fault(in,
					xasprintf(_("criterion '%s' only ever "
						    "fails together with '%s'"),
						spec->id,
						exercise->criteria[j].id));
	}
}

void validate_conclude(struct validation *validation)
{
	const struct exercise *exercise = validation->exercise;

	for (size_t i = 0; i < validation->count; i++) {
		struct trial *trial = &validation->trials[i];

		if (trial->kind == TRIAL_RIGHT)
			judge_right(exercise, trial);
		else if (trial->kind == TRIAL_WRONG)
			judge_wrong(exercise, trial);
		else if (trial->kind == TRIAL_MUTANT)
			judge_mutant(exercise, trial);
		else
			judge_worthless(trial);
	}
	judge_criteria(validation);
}

int validate(struct validation *to, const struct exercise *exercise,
	const char *solutions, const struct validate_options *options,
	struct err *err)
{
	int error;

	memset(to, 0, sizeof(*to));
	to->exercise = exercise;
	error = validate_collect(to, solutions, options->mutants, err);
	if (error == 0)
		error = validate_grade(to, options, err);
	if (error == 0)
		validate_conclude(to);
	return error;
}

bool validation_holds(const struct validation *validation)
{
	for (size_t i = 0; i < validation->count; i++)
		if (validation->trials[i].fault)
			return false;
	return validation->fault_count == 0;
}

struct sums {
	size_t all[TRIAL_KIND_COUNT], faults[TRIAL_KIND_COUNT];
	size_t compiled, killed, equivalent;
};

static struct sums add_up(const struct validation *what)
{
	struct sums sums = {0};

	for (size_t i = 0; i < what->count; i++) {
		const struct trial *trial = &what->trials[i];

		sums.all[trial->kind]++;
		sums.faults[trial->kind] += trial->fault != NULL;
		if (trial->kind != TRIAL_MUTANT || !trial->compiled)
			continue;
		sums.compiled++;
		sums.killed += trial_is_killed(what->exercise, trial);
		sums.equivalent += !trial_is_killed(what->exercise, trial) &&
				   trial->reason;
	}
	return sums;
}

static void add_heading(struct buf *out, const char *criterion,
	const char *wrong, const char *mutants, const char *alone)
{
	buf_adds(out, "  ");
	layout_pad(out, criterion, 21);
	layout_pad_left(out, wrong, 8);
	layout_pad_left(out, mutants, 9);
	layout_pad_left(out, alone, 9);
	buf_addc(out, '\n');
}

static void write_matrix(struct buf *out, const struct validation *what)
{
	add_heading(out, _("criterion fails"), _("wrong"), _("mutants"),
		_("alone"));
	for (size_t i = 0; i < what->exercise->criterion_count; i++) {
		const struct criterion_spec *spec =
			&what->exercise->criteria[i];
		struct kill_count tally = validate_count_kills(what, i);

		if (criterion_needs_person(spec))
			continue;
		buf_addf(out, "  %-20s %8zu %8zu %8zu\n", spec->id, tally.wrong,
			tally.mutants, tally.alone);
	}
}

void validation_write_text(struct buf *out, const struct validation *what)
{
	struct sums sums = add_up(what);

	buf_addf(out, _("%s: %zu right, %zu wrong solutions"),
		what->exercise->id, sums.all[TRIAL_RIGHT],
		sums.all[TRIAL_WRONG]);
	buf_addf(out,
		_(", %zu mutants: %zu killed, %zu no mistake, %zu live\n"),
		sums.compiled, sums.killed, sums.equivalent,
		sums.compiled - sums.killed - sums.equivalent);
	for (size_t i = 0; i < what->count; i++) {
		const struct trial *trial = &what->trials[i];

		if (!trial->fault)
			continue;
		buf_addf(out, _("  FAULT %s: %s\n"), trial->name, trial->fault);
		if (trial->change)
			buf_addf(out, _("        line %d: %s\n"), trial->line,
				trial->change);
	}
	for (size_t i = 0; i < what->fault_count; i++)
		buf_addf(out, _("  FAULT %s\n"), what->faults[i]);
	write_matrix(out, what);
}
