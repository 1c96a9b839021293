/*
 * Where in what a student handed in the submission of an exercise is.
 *
 * Students pack what they hand in, and platforms put a folder around it.  So a
 * folder without a source counts as the one folder or the one archive in it.
 * Beside an answer in words an archive is left alone: one of them would not be
 * read.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "grader/answer.h"
#include "grader/batch/intake.h"
#include "grader/batch/name_list.h"
#include "grader/submission.h"

#define DEPTH_MAX 8

/* What the names in a folder or list of files are. */
struct census {
	size_t sources, answers, archives, folders;
	const char *archive, *folder; /* the last */
};

static void count_name(
	struct census *census, const char *name, const char *path)
{
	if (!strcmp(name, "__MACOSX"))
		return;
	if (path_is_folder(path)) {
		census->folders++;
		census->folder = name;
	} else if (submission_is_archive(name)) {
		census->archives++;
		census->archive = name;
	}
	census->sources += submission_is_source(name);
	census->answers += answer_is_name(name);
}

/* The name in FOLDER, of the census of LIST, that stands for it; or NULL. */
static const char *stands_for(const char *folder, const struct name_list *list)
{
	struct census census = {0};

	for (size_t i = 0; i < list->count; i++) {
		auto_free char *path =
			xasprintf("%s/%s", folder, list->names[i]);

		count_name(&census, list->names[i], path);
	}
	if (census.sources || census.answers)
		return NULL;
	if (census.archives)
		return census.archives == 1 ? census.archive : NULL;
	return census.folders == 1 ? census.folder : NULL;
}

/* PATH, or what in it stands for it; takes PATH over. */
static char *settle(char *path)
{
	struct err err = {""};

	for (int depth = 0; depth < DEPTH_MAX && path_is_folder(path);
		depth++) {
		struct name_list list = {0};
		const char *name = name_list_read(&list, path, &err)
					   ? NULL
					   : stands_for(path, &list);
		char *inner = name ? xasprintf("%s/%s", path, name) : NULL;

		name_list_release(&list);
		if (!inner)
			break;
		free(path);
		path = inner;
	}
	return path;
}

/* NAME is that of EXERCISE's .c file, or of an archive. */
static bool is_called(const char *name, const char *exercise)
{
	const size_t stem = submission_stem(name);

	return stem < strlen(name) && stem == strlen(exercise) &&
	       !strncmp(name, exercise, stem);
}

/* FOLDER/EXERCISE, or a file called so; owned; NULL when neither is there. */
static char *find_called(const char *folder, const char *exercise, bool alone)
{
	char *path = xasprintf("%s/%s", folder, exercise);
	struct name_list list = {0};
	struct err err = {""};

	if (path_is_folder(path))
		return path;
	free(path);
	path = NULL;
	if (alone || name_list_read(&list, folder, &err))
		return NULL;
	for (size_t i = 0; i < list.count && !path; i++) {
		if (!is_called(list.names[i], exercise))
			continue;
		path = xasprintf("%s/%s", folder, list.names[i]);
		if (!path_is_file(path)) {
			free(path);
			path = NULL;
		}
	}
	name_list_release(&list);
	return path;
}

/*
 * In FOLDER, or in the one folder that everything is in.  A folder of one
 * exercise ALONE is handed in whole, with what else is beside.
 */
static char *find_inside(const char *folder, const char *exercise, bool alone)
{
	auto_free char *settled = NULL;
	char *path = find_called(folder, exercise, alone);

	if (path)
		return settle(path);
	settled = settle(xstrdup(folder));
	if (alone || !path_is_folder(settled))
		return alone ? xstrdup(settled) : NULL;
	path = find_called(settled, exercise, alone);
	return path ? settle(path) : NULL;
}

/* One of several files, called as the exercise is. */
static char *find_file(
	const struct intake_student *student, const char *exercise)
{
	for (size_t i = 0; i < student->file_count; i++)
		if (is_called(student->files[i].name, exercise))
			return xstrdup(student->files[i].path);
	return NULL;
}

/* The one archive of several files without a source; NULL: all of them. */
static char *find_packed(const struct intake_student *student)
{
	struct census census = {0};
	const char *path = NULL;

	for (size_t i = 0; i < student->file_count; i++) {
		count_name(&census, student->files[i].name,
			student->files[i].path);
		if (submission_is_archive(student->files[i].name))
			path = student->files[i].path;
	}
	return census.archives == 1 && !census.sources && !census.answers
		       ? xstrdup(path)
		       : NULL;
}

bool intake_find(const struct intake_student *student, const char *exercise,
	bool alone, char **path)
{
	const struct intake_file *first = &student->files[0];

	*path = NULL;
	if (student->file_count == 0)
		return false;
	if (student->file_count == 1 && path_is_folder(first->path))
		*path = find_inside(first->path, exercise, alone);
	else if (!alone)
		*path = find_file(student, exercise);
	else if (student->file_count == 1)
		*path = xstrdup(first->path);
	else
		*path = find_packed(student);
	return *path || (alone && student->file_count > 1);
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

	if (!name_list_read(&list, folder, &err))
		for (size_t i = 0; i < list.count; i++) {
			auto_free char *path =
				xasprintf("%s/%s", folder, list.names[i]);
			int64_t time = time_of(path);

			newest = time > newest ? time : newest;
		}
	name_list_release(&list);
	return newest;
}

int64_t intake_handed_in(const struct intake_student *student, const char *path)
{
	int64_t newest = 0;

	if (path && *path)
		return path_is_folder(path) ? newest_in(path) : time_of(path);
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
