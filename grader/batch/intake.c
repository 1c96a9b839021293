/*
 * How it works: the names at the top of the folder decide what it is.  All
 * are looked at, so that one odd name in a download of a thousand does not
 * change the meaning of the others; what fits none is told, never dropped in
 * silence.
 */
#include "grader/batch/intake.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/batch/platform_name.h"
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

static void release_student(struct intake_student *student)
{
	free(student->id);
	free(student->name);
	for (size_t i = 0; i < student->file_count; i++) {
		free(student->files[i].path);
		free(student->files[i].name);
	}
	free(student->files);
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

struct name_list {
	char **names;
	size_t count, capacity;
};

static void free_names(struct name_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->names[i]);
	free(list->names);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int list_names(struct name_list *list, const char *path, struct err *err)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;

	if (!folder)
		return err_errno(err, -errno, "cannot list '%s'", path);
	while ((errno = 0, entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		grow_array(&list->names, list->count, &list->capacity,
			sizeof(*list->names));
		list->names[list->count++] = xstrdup(entry->d_name);
	}
	if (errno) {
		int r = err_errno(err, -errno, "cannot list '%s'", path);

		closedir(folder);
		return r;
	}
	closedir(folder);
	if (list->count)
		qsort(list->names, list->count, sizeof(*list->names),
			compare_names);
	return 0;
}

static bool has_suffix(const char *name, const char *suffix)
{
	size_t length = strlen(name), tail = strlen(suffix);

	return length > tail && !strcmp(name + length - tail, suffix);
}

static bool is_folder(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool is_file(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 && S_ISREG(status.st_mode);
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

	buf_add_clean(&clean, name, strlen(name));
	grow_array(&intake->ignored, intake->ignored_count,
		&intake->ignored_capacity, sizeof(*intake->ignored));
	intake->ignored[intake->ignored_count++] = buf_detach(&clean);
}

/* The student of that id, made when there is none yet. */
static struct intake_student *student_of(
	struct intake *intake, const char *id, const char *name)
{
	struct intake_student *student;
	struct buf clean = {0};

	for (size_t i = intake->count; i-- > 0;)
		if (!strcmp(intake->students[i].id, id))
			return &intake->students[i];
	grow_array(&intake->students, intake->count, &intake->capacity,
		sizeof(*intake->students));
	student = &intake->students[intake->count++];
	*student = (struct intake_student){.id = xstrdup(id)};
	buf_add_clean(&clean, name, strlen(name));
	student->name = buf_detach(&clean);
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
	student = student_of(intake, name.id, name.student);
	student->late |= name.late;
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

static int take_plain(struct intake *intake, const char *folder,
	const char *entry, size_t prefix, struct err *err)
{
	auto_free char *path = xasprintf("%s/%s", folder, entry);
	bool lone = has_suffix(entry, ".c") && is_file(path);
	struct intake_student *student;
	struct buf id = {0};
	size_t before = intake->count;

	if (!lone && !is_folder(path)) {
		ignore(intake, entry);
		return 0;
	}
	buf_add_clean(
		&id, entry + prefix, strlen(entry + prefix) - (lone ? 2 : 0));
	student = student_of(intake, buf_text(&id), buf_text(&id));
	buf_release(&id);
	if (intake->count == before)
		return err_set(err, -EEXIST,
			"'%s' and '%s' would both be of the student '%s'; "
			"rename one of them",
			student->files[0].name, entry, student->id);
	add_file(student, xstrdup(path), entry);
	return 0;
}

static int take_all(struct intake *intake, const char *path,
	const struct name_list *list, struct err *err)
{
	size_t prefix = 0;
	int r = 0;

	if (intake->kind == INTAKE_CLASSROOM)
		prefix = common_prefix(list);
	for (size_t i = 0; i < list->count && !r; i++) {
		if (intake->kind == INTAKE_MOODLE)
			take_platform(
				intake, path, list->names[i], moodle_name);
		else if (intake->kind == INTAKE_CANVAS)
			take_platform(
				intake, path, list->names[i], canvas_name);
		else
			r = take_plain(
				intake, path, list->names[i], prefix, err);
	}
	return r;
}

static int compare_students(const void *a, const void *b)
{
	const struct intake_student *one = a, *other = b;

	return strcmp(one->id, other->id);
}

int intake_list(struct intake *intake, const char *path, struct err *err)
{
	struct name_list list = {0};
	int r;

	*intake = (struct intake){0};
	r = list_names(&list, path, err);
	if (!r) {
		intake->kind = kind_of(path, &list);
		r = take_all(intake, path, &list, err);
	}
	free_names(&list);
	if (r)
		intake_release(intake);
	else if (intake->count)
		qsort(intake->students, intake->count,
			sizeof(*intake->students), compare_students);
	return r;
}

/*
 * FOLDER/EXERCISE or FOLDER/EXERCISE.c, owned; NULL when neither is there.  A
 * folder of one exercise ALONE is handed in whole, with what else is beside.
 */
static char *find_inside(const char *folder, const char *exercise, bool alone)
{
	char *path = xasprintf("%s/%s", folder, exercise);

	if (is_folder(path))
		return path;
	free(path);
	if (alone)
		return NULL;
	path = xasprintf("%s/%s.c", folder, exercise);
	if (is_file(path))
		return path;
	free(path);
	return NULL;
}

/* One of several files, called as the exercise is. */
static char *find_file(
	const struct intake_student *student, const char *exercise)
{
	auto_free char *wanted = xasprintf("%s.c", exercise);

	for (size_t i = 0; i < student->file_count; i++)
		if (!strcmp(student->files[i].name, wanted))
			return xstrdup(student->files[i].path);
	return NULL;
}

bool intake_find(const struct intake_student *student, const char *exercise,
	bool alone, char **path)
{
	const struct intake_file *first = &student->files[0];
	bool folder = student->file_count == 1 && is_folder(first->path);

	*path = folder  ? find_inside(first->path, exercise, alone)
		: alone ? NULL
			: find_file(student, exercise);
	if (*path || !alone)
		return *path != NULL;
	if (student->file_count == 1)
		*path = xstrdup(first->path);
	return true;
}

static int64_t time_of(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 && S_ISREG(status.st_mode)
		       ? status.st_mtime
		       : 0;
}

static int64_t newest_in(const char *folder)
{
	struct name_list list = {0};
	struct err err = {""};
	int64_t newest = 0;

	if (!list_names(&list, folder, &err))
		for (size_t i = 0; i < list.count; i++) {
			auto_free char *path =
				xasprintf("%s/%s", folder, list.names[i]);
			int64_t time = time_of(path);

			newest = time > newest ? time : newest;
		}
	free_names(&list);
	return newest;
}

int64_t intake_handed_in(const struct intake_student *student, const char *path)
{
	int64_t newest = 0;

	if (path && *path)
		return is_folder(path) ? newest_in(path) : time_of(path);
	for (size_t i = 0; i < student->file_count; i++) {
		int64_t time = time_of(student->files[i].path);

		newest = time > newest ? time : newest;
	}
	return newest;
}

int intake_read_files(const struct intake_student *student,
	struct submission *submission, struct err *err)
{
	struct submission_source *sources =
		xcalloc(student->file_count + 1, sizeof(*sources));
	int r;

	for (size_t i = 0; i < student->file_count; i++)
		sources[i] = (struct submission_source){
			student->files[i].path, student->files[i].name};
	r = submission_read_files(
		submission, student->id, sources, student->file_count, err);
	free(sources);
	return r;
}
