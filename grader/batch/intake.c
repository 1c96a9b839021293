/*
 * How it works: the names at the top of the folder decide what it is.  All
 * are looked at, so that one odd name in a download of a thousand does not
 * change the meaning of the others; what fits none is told, never dropped in
 * silence.  Each name makes a student; those of the same id, when all have been
 * sorted, become one.
 */
#include "grader/batch/intake.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/batch/name_list.h"
#include "grader/batch/platform_name.h"
#include "grader/gbk.h"
#include "grader/submission.h"

const char *intake_kind_name(enum intake_kind kind)
{
	static const char *const names[] = {
		[INTAKE_FOLDER] = "folder",
		[INTAKE_MOODLE] = "moodle",
		[INTAKE_CANVAS] = "canvas",
		[INTAKE_CLASSROOM] = "classroom",
	};

	return names[kind];
}

static void release_files(struct intake_student *student)
{
	for (size_t i = 0; i < student->file_count; i++) {
		free(student->files[i].path);
		free(student->files[i].name);
	}
	free(student->files);
	student->files = NULL;
	student->file_count = student->file_capacity = 0;
}

static void release_student(struct intake_student *student)
{
	free(student->id);
	free(student->name);
	free(student->section);
	release_files(student);
}

void intake_forget(struct intake_student *student)
{
	if (student->file_count > 1)
		return;
	free(student->name);
	free(student->section);
	student->name = student->section = NULL;
	release_files(student);
}

void intake_release(struct intake *intake)
{
	for (size_t i = 0; i < intake->count; i++)
		release_student(&intake->students[i]);
	free(intake->students);
	for (size_t i = 0; i < intake->ignored_count; i++)
		free(intake->ignored[i]);
	free(intake->ignored);
	*intake = (struct intake){0};
}

static bool is_clone(const char *folder, const char *name)
{
	auto_free char *path = xasprintf("%s/%s/.git", folder, name);

	return access(path, F_OK) == 0;
}

typedef bool name_parser(struct platform_name *out, const char *name);

static size_t count_parsed(const struct name_list *list, name_parser *parse)
{
	struct platform_name name;
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++) {
		count += parse(&name, list->names[i]);
		platform_name_release(&name);
	}
	return count;
}

/* A platform's download has hardly anything but names of its form. */
static enum intake_kind kind_of(const char *path, const struct name_list *list)
{
	size_t clones = 0;

	if (count_parsed(list, moodle_name) * 2 > list->count)
		return INTAKE_MOODLE;
	if (count_parsed(list, canvas_name) * 2 > list->count)
		return INTAKE_CANVAS;
	for (size_t i = 0; i < list->count; i++)
		clones += is_clone(path, list->names[i]);
	return list->count && clones == list->count ? INTAKE_CLASSROOM
						    : INTAKE_FOLDER;
}

static void ignore(struct intake *intake, const char *name)
{
	struct buf clean = {0};

	gbk_add_name(name, &clean);
	grow_array(&intake->ignored, intake->ignored_count,
		&intake->ignored_capacity, sizeof(*intake->ignored));
	intake->ignored[intake->ignored_count++] = buf_detach(&clean);
}

/* A further student; takes ID over. */
static struct intake_student *add_student(
	struct intake *intake, char *id, const char *name)
{
	struct intake_student *student;
	struct buf clean = {0};

	grow_array(&intake->students, intake->count, &intake->capacity,
		sizeof(*intake->students));
	student = &intake->students[intake->count];
	*student = (struct intake_student){.id = id, .order = intake->count++};
	gbk_add_name(name, &clean);
	student->name = xstrdup(buf_text(&clean));
	buf_release(&clean);
	return student;
}

static void add_file(
	struct intake_student *student, char *path, const char *name)
{
	struct intake_file *file;

	grow_array(&student->files, student->file_count,
		&student->file_capacity, sizeof(*student->files));
	file = &student->files[student->file_count++];
	file->path = path;
	file->name = xstrdup(name);
}

static void take_platform(struct intake *intake, const char *folder,
	const char *entry, name_parser *parse)
{
	struct intake_student *student;
	struct platform_name name;

	if (!parse(&name, entry)) {
		ignore(intake, entry);
		return;
	}
	student = add_student(intake, xstrdup(name.id), name.student);
	student->late = name.late;
	add_file(student, xasprintf("%s/%s", folder, entry),
		name.file ? name.file : entry);
	platform_name_release(&name);
}

/* The length of what all names begin with, up to and with a '-'. */
static size_t common_prefix(const struct name_list *list)
{
	size_t length = strlen(list->names[0]), dash = 0;

	for (size_t i = 1; i < list->count; i++) {
		size_t same = 0;

		while (same < length &&
			list->names[i][same] == list->names[0][same])
			same++;
		length = same;
	}
	for (size_t i = 0; i < length; i++)
		if (list->names[0][i] == '-')
			dash = i + 1;
	return list->count > 1 ? dash : 0;
}

/* A folder, a .c file or an archive a student. */
static void take_plain(struct intake *intake, const char *folder,
	const char *entry, size_t prefix)
{
	auto_free char *path = xasprintf("%s/%s", folder, entry);
	bool is_lone =
		path_is_file(path) && submission_stem(entry) < strlen(entry);
	auto_free char *stem = NULL;
	struct buf id = {0};

	if (!strcmp(entry, "__MACOSX") || (!is_lone && !path_is_folder(path))) {
		ignore(intake, entry);
		return;
	}
	stem = xstrndup(entry + prefix,
		(is_lone ? submission_stem(entry) : strlen(entry)) - prefix);
	gbk_add_name(stem, &id);
	add_file(add_student(intake, xstrdup(buf_text(&id)), buf_text(&id)),
		xstrdup(path), entry);
	buf_release(&id);
}

static void take_all(
	struct intake *intake, const char *path, const struct name_list *list)
{
	size_t prefix = 0;

	if (intake->kind == INTAKE_CLASSROOM)
		prefix = common_prefix(list);
	for (size_t i = 0; i < list->count; i++) {
		if (intake->kind == INTAKE_MOODLE)
			take_platform(
				intake, path, list->names[i], moodle_name);
		else if (intake->kind == INTAKE_CANVAS)
			take_platform(
				intake, path, list->names[i], canvas_name);
		else
			take_plain(intake, path, list->names[i], prefix);
	}
}

static int compare_students(const void *a, const void *b)
{
	const struct intake_student *one = a, *other = b;
	int r = strcmp(one->id, other->id);

	return r ? r : one->order < other->order ? -1 : 1;
}

void intake_sort(struct intake *intake)
{
	if (intake->count)
		qsort(intake->students, intake->count,
			sizeof(*intake->students), compare_students);
}

/* What stands in OTHER goes to ONE, which is the same student. */
static void join(struct intake_student *one, struct intake_student *other)
{
	one->late |= other->late;
	for (size_t i = 0; i < other->file_count; i++) {
		grow_array(&one->files, one->file_count, &one->file_capacity,
			sizeof(*one->files));
		one->files[one->file_count++] = other->files[i];
	}
	other->file_count = 0;
	release_student(other);
}

/* The Ith is another of the last of the first COUNT; between is nothing. */
static int refuse_equal(
	struct intake *intake, size_t count, size_t i, struct err *err)
{
	struct intake_student *students = intake->students;

	err_set(err, -EEXIST,
		"'%s' and '%s' would both be of the student '%s'; rename one "
		"of them",
		students[count - 1].files[0].name, students[i].files[0].name,
		students[i].id);
	memmove(&students[count], &students[i],
		(intake->count - i) * sizeof(*students));
	intake->count -= i - count;
	return -EEXIST;
}

/* Only platforms hand out several files of a student side by side. */
static int join_equal(struct intake *intake, struct err *err)
{
	const bool several =
		intake->kind == INTAKE_MOODLE || intake->kind == INTAKE_CANVAS;
	size_t count = 0;

	for (size_t i = 0; i < intake->count; i++) {
		struct intake_student *student = &intake->students[i];
		struct intake_student *last =
			count ? &intake->students[count - 1] : NULL;

		if (!last || strcmp(last->id, student->id) != 0) {
			intake->students[count++] = *student;
			continue;
		}
		if (!several)
			return refuse_equal(intake, count, i, err);
		join(last, student);
	}
	intake->count = count;
	return 0;
}

int intake_list(struct intake *intake, const char *path, struct err *err)
{
	struct name_list list = {0};
	int r;

	*intake = (struct intake){0};
	r = name_list_read(&list, path, err);
	if (!r) {
		intake->kind = kind_of(path, &list);
		take_all(intake, path, &list);
		intake_sort(intake);
		r = join_equal(intake, err);
	}
	name_list_release(&list);
	if (r)
		intake_release(intake);
	return r;
}

struct intake_student *intake_student(
	const struct intake *intake, const char *id)
{
	size_t low = 0, high = intake->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int r = strcmp(intake->students[middle].id, id);

		if (r == 0)
			return &intake->students[middle];
		if (r < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
