/*
 * How it works: first those who are called by an id of the roster, then the
 * others by what else the roster knows of them, so that nobody is taken for
 * somebody who has handed in under the own id.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/batch/intake.h"
#include "grader/gradebook/roster.h"

static void take_row(
	struct intake_student *student, const struct roster_row *row)
{
	free(student->id);
	free(student->name);
	free(student->section);
	student->id = xstrdup(row->id);
	student->name = xstrdup(row->name);
	student->section = row->section ? xstrdup(row->section) : NULL;
}

static void add_missing(struct intake *intake, const struct roster_row *row)
{
	struct intake_student *student;

	grow_array(&intake->students, intake->count, &intake->capacity,
		sizeof(*intake->students));
	student = &intake->students[intake->count];
	*student = (struct intake_student){.order = intake->count++};
	take_row(student, row);
}

void intake_enrol(struct intake *intake, const struct roster *roster)
{
	bool *taken = xcalloc(roster->count + 1, sizeof(*taken));
	const size_t handed_in = intake->count;

	for (size_t i = 0; i < handed_in; i++) {
		struct intake_student *student = &intake->students[i];
		size_t row = roster_find_id(roster, student->id);

		if (row == ROSTER_NONE)
			continue;
		take_row(student, &roster->rows[row]);
		taken[row] = true;
	}
	for (size_t i = 0; i < handed_in; i++) {
		struct intake_student *student = &intake->students[i];
		size_t row;

		if (roster_find_id(roster, student->id) != ROSTER_NONE)
			continue;
		row = roster_find(roster, student->id, student->name);
		if (row == ROSTER_NONE) {
			student->concern = ROSTER_STRANGER;
		} else if (taken[row]) {
			student->concern = ROSTER_SECOND;
		} else {
			take_row(student, &roster->rows[row]);
			taken[row] = true;
		}
	}
	for (size_t i = 0; i < roster->count; i++)
		if (!taken[i])
			add_missing(intake, &roster->rows[i]);
	free(taken);
	intake_sort(intake);
}
