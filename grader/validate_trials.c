/*
 * Which programs are graded: every solution, the starter, two made up, and
 * mutants, evenly spread where there are more than are wanted.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "grader/json_reader.h"
#include "grader/mutate.h"
#include "grader/submission.h"
#include "grader/validate.h"

#define FILE_MAX (1 << 20)

static struct trial *add_trial(struct validation *to, enum trial_kind kind,
	const char *name, const char *path)
{
	struct trial *trial;

	grow_array(&to->trials, to->count, &to->capacity, sizeof(*to->trials));
	trial = &to->trials[to->count++];
	memset(trial, 0, sizeof(*trial));
	trial->kind = kind;
	trial->name = xstrdup(name);
	trial->path = path ? xstrdup(path) : NULL;
	trial->states =
		xcalloc(to->exercise->criterion_count, sizeof(*trial->states));
	return trial;
}

/* 1: there is no such file. */
static int open_json(struct json_document *document, struct buf *text,
	const char *path, struct err *err)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int error;

	if (fd < 0 && errno == ENOENT)
		return 1;
	error = fd < 0 ? -errno : buf_read_fd(text, fd, FILE_MAX);
	if (error)
		return err_errno(err, error, "cannot read '%s'", path);
	return json_document_open_strict(
		document, buf_text(text), text->length, path, err);
}

/* Is ID, in the list FIELD, a criterion that programs can fail? */
static int check_criterion(const struct exercise *exercise, const char *id,
	const struct json_node *node, const char *field)
{
	for (size_t i = 0; i < exercise->criterion_count; i++)
		if (!strcmp(exercise->criteria[i].id, id))
			return exercise->criteria[i].answer
				       ? json_fail(node, field,
						 "'%s' is marked by a person",
						 id)
				       : 0;
	return json_fail(node, field, "no criterion '%s'", id);
}

/* A list of criteria of the exercise, or nothing. */
static int read_criteria(const struct exercise *exercise,
	const struct json_node *node, const char *field, char ***list,
	size_t *count)
{
	if (json_get_texts(node, field, false, list, count) != 0)
		return -EINVAL;
	for (size_t i = 0; i < *count; i++)
		if (check_criterion(exercise, (*list)[i], node, field) != 0)
			return -EINVAL;
	return 0;
}

static int read_expectation(
	const struct exercise *exercise, struct trial *trial, struct err *err)
{
	auto_free char *path = xasprintf("%s/expect.json", trial->path);
	struct expectation *to = &trial->expected;
	struct json_document document;
	struct buf text = {0};
	struct json_node root;
	int error = open_json(&document, &text, path, err);

	if (error == 0) {
		root = json_document_root(&document);
		if (read_criteria(exercise, &root, "criteria", &to->criteria,
			    &to->criterion_count) != 0 ||
			read_criteria(exercise, &root, "also", &to->also,
				&to->also_count) != 0 ||
			read_criteria(exercise, &root, "extras_missed",
				&to->missed, &to->missed_count) != 0)
			error = -EINVAL;
		json_document_close(&document);
	}
	buf_release(&text);
	if (error == 1 && trial->kind == TRIAL_WRONG)
		return err_set(err, -ENOENT,
			"'%s' is missing: it names the criteria that a wrong "
			"solution must fail",
			path);
	return error < 0 ? error : 0;
}

static int is_solution(const struct dirent *entry)
{
	return !strncmp(entry->d_name, "right-", 6) ||
	       !strncmp(entry->d_name, "wrong-", 6);
}

static int add_solutions(
	struct validation *to, const char *solutions, struct err *err)
{
	struct dirent **entries;
	int count = scandir(solutions, &entries, is_solution, alphasort);
	int error = 0;

	if (count < 0)
		return err_errno(err, -errno, "cannot read '%s'", solutions);
	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;
		auto_free char *path = xasprintf("%s/%s", solutions, name);
		enum trial_kind kind =
			name[0] == 'r' ? TRIAL_RIGHT : TRIAL_WRONG;

		if (error == 0)
			error = read_expectation(to->exercise,
				add_trial(to, kind, name, path), err);
		free(entries[i]);
	}
	free(entries);
	return error;
}

static char *describe(const struct mutant *mutant, const char *source)
{
	char *change = xasprintf("%.*s -> %s", (int)mutant->length,
		source + mutant->start, mutant->text);

	for (char *at = change; *at; at++)
		if (*at == '\n' || *at == '\t')
			*at = ' ';
	return change;
}

static void add_mutants(struct validation *to, const struct trial *right,
	const struct submission *submission)
{
	auto_free char *path = xstrdup(right->path);
	auto_free char *solution = xstrdup(right->name);
	struct expectation expected = right->expected;

	for (size_t i = 0; i < submission->file_count; i++) {
		const struct source_file *file = &submission->files[i];
		struct mutant *mutants;
		size_t count = mutate(file->data, file->length, &mutants);

		for (size_t j = 0; j < count; j++) {
			auto_free char *name =
				xasprintf("%s/%s:%s:%zu", solution, file->name,
					mutants[j].rule, mutants[j].number);
			struct trial *trial =
				add_trial(to, TRIAL_MUTANT, name, path);

			trial->file = i;
			trial->mutant = j;
			trial->line = mutants[j].line;
			trial->change = describe(&mutants[j], file->data);
			/* the right one's lists are not its own to free */
			trial->expected = (struct expectation){
				.missed = expected.missed,
				.missed_count = expected.missed_count,
			};
		}
		mutants_free(mutants, count);
	}
}

static int add_all_mutants(struct validation *to, struct err *err)
{
	size_t count = to->count;
	int error = 0;

	for (size_t i = 0; i < count && error == 0; i++) {
		struct submission submission = {0};
		struct trial right = to->trials[i];

		if (right.kind != TRIAL_RIGHT)
			continue;
		error = submission_read(&submission, right.path, err);
		if (error == 0)
			add_mutants(to, &right, &submission);
		submission_release(&submission);
	}
	return error;
}

static void release_trial(struct trial *trial)
{
	if (trial->kind != TRIAL_MUTANT) {
		text_list_free(trial->expected.criteria);
		text_list_free(trial->expected.also);
		text_list_free(trial->expected.missed);
	}
	free(trial->name);
	free(trial->path);
	free(trial->change);
	free(trial->reason);
	free(trial->states);
	free(trial->fault);
}

/* Leaves WANTED of the mutants, evenly spread. */
static void thin_out(struct validation *to, size_t wanted)
{
	size_t first = 0, kept, total;

	while (first < to->count && to->trials[first].kind != TRIAL_MUTANT)
		first++;
	total = to->count - first;
	if (wanted == 0 || total <= wanted)
		return;
	kept = first;
	for (size_t i = 0; i < total; i++) {
		struct trial trial = to->trials[first + i];

		if (i * wanted / total != (i + 1) * wanted / total)
			to->trials[kept++] = trial;
		else
			release_trial(&trial);
	}
	to->count = kept;
}

static struct trial *find_trial(struct validation *in, const char *name)
{
	for (size_t i = 0; i < in->count; i++)
		if (!strcmp(in->trials[i].name, name))
			return &in->trials[i];
	return NULL;
}

/* Names of mutants, and why each is no mistake. */
static int read_equivalents(
	struct validation *to, const char *solutions, bool all, struct err *err)
{
	auto_free char *path = xasprintf("%s/equivalent.json", solutions);
	struct json_document document;
	struct buf text = {0};
	int error = open_json(&document, &text, path, err);
	struct json_node root;

	if (error == 0) {
		root = json_document_root(&document);
		for (size_t i = 0; error == 0 && json_is_object(&root) &&
				   i < json_field_count(&root);
			i++) {
			const char *name = json_field_name(&root, i);
			struct trial *trial = find_trial(to, name);

			if (trial)
				error = json_get_text(
					&root, name, true, &trial->reason);
			else if (all)
				error = json_fail(
					&root, name, "there is no such mutant");
		}
		json_document_close(&document);
	}
	buf_release(&text);
	return error < 0 ? error : 0;
}

int validate_collect(struct validation *to, const char *solutions,
	size_t mutants, struct err *err)
{
	const char *folder = to->exercise->folder;
	auto_free char *starter =
		xasprintf("%s/starter", folder ? folder : ".");
	int error = add_solutions(to, solutions, err);

	if (error == 0) {
		if (access(starter, F_OK) == 0)
			add_trial(to, TRIAL_STARTER, "starter", starter);
		add_trial(to, TRIAL_NOTHING, "nothing", NULL);
		add_trial(to, TRIAL_BROKEN, "broken", NULL);
		error = add_all_mutants(to, err);
	}
	thin_out(to, mutants);
	return error ? error
		     : read_equivalents(to, solutions, mutants == 0, err);
}

void validation_release(struct validation *validation)
{
	for (size_t i = 0; i < validation->count; i++)
		release_trial(&validation->trials[i]);
	for (size_t i = 0; i < validation->fault_count; i++)
		free(validation->faults[i]);
	free(validation->trials);
	free(validation->faults);
	memset(validation, 0, sizeof(*validation));
}
