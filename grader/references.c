/*
 * Happens-before is the same for nearly all schedules of a scenario, so the
 * first few are compared and the others are not.  Of the facts of a reference
 * (counts, files, ways to end) nothing is said here: the rules ask for them
 * one by one and say more about each.
 */
#include "grader/references.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/notes.h"
#include "grader/reference.h"

#define FILE_MAX (1 << 20)
#define SCHEDULES_COMPARED 3
#define NOTES_MAX 3

struct references {
	const struct exercise *exercise;
	struct reference *items; /* one a scenario */
	bool *present;
};

static int load_one(struct reference *reference, const char *path,
	bool *present, struct err *err)
{
	struct buf text = {0};
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	int error;

	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0)
		return err_errno(err, -errno, "cannot open '%s'", path);
	error = buf_read_fd(&text, fd, FILE_MAX);
	if (error != 0)
		error = err_errno(err, error, "cannot read '%s'", path);
	else
		error = reference_read(
			reference, buf_text(&text), text.length, path, err);
	buf_release(&text);
	*present = error == 0;
	return error;
}

int references_load(struct references **references,
	const struct exercise *exercise, const char *folder, struct err *err)
{
	struct references *made = xcalloc(1, sizeof(*made));
	int error = 0;

	made->exercise = exercise;
	made->items = xcalloc(exercise->scenario_count, sizeof(*made->items));
	made->present =
		xcalloc(exercise->scenario_count, sizeof(*made->present));
	for (size_t i = 0; i < exercise->scenario_count && error == 0; i++) {
		auto_free char *path = xasprintf("%s/reference/%s.json", folder,
			exercise->scenarios[i].id);

		error = load_one(&made->items[i], path, &made->present[i], err);
	}
	if (error != 0) {
		references_free(made);
		return error;
	}
	*references = made;
	return 0;
}

void references_free(struct references *references)
{
	if (!references)
		return;
	for (size_t i = 0; i < references->exercise->scenario_count; i++)
		if (references->present[i])
			reference_release(&references->items[i]);
	free(references->items);
	free(references->present);
	free(references);
}

static size_t count_notes(const struct verdict *verdict)
{
	size_t count = 0;

	for (size_t i = 0; i < verdict->warning_count; i++)
		count += !strcmp(verdict->warnings[i].kind, "order");
	return count;
}

void references_note(const struct references *references,
	struct verdict *verdict, const struct observed_run *run)
{
	size_t scenario =
		(size_t)(run->scenario - references->exercise->scenarios);
	struct deviations deviations = {0};

	if (!references->present[scenario] || run->scenario->hidden ||
		run->scenario->fault_count > 0 ||
		run->schedule >= SCHEDULES_COMPARED)
		return;
	reference_compare(&references->items[scenario], run, &deviations);
	for (size_t i = 0; i < deviations.count; i++) {
		struct deviation *deviation = &deviations.items[i];

		if (deviation->kind != DEVIATION_REVERSED &&
			deviation->kind != DEVIATION_CONCURRENT)
			continue;
		if (count_notes(verdict) == NOTES_MAX)
			break;
		note_add(verdict, "order", deviation->text);
		deviation->text = (struct bilingual){0};
	}
	deviations_release(&deviations);
}
