/*
 * How it works: each tree is written into a folder with a name of its own
 * beside its place, and renamed when it is whole.  The solutions go first:
 * the exercise, by which both are found, comes last.
 *
 * The skeleton is an exercise like any other, so that tests can grade it.  Its
 * name and titles are the words that are replaced.
 */
#include "grader/new_exercise.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/atomic_file.h"
#include "grader/exercise.h"
#include "grader/skeleton.h"
#include "grader/utf8.h"

#define NAME_MAX_LENGTH 40

/* A title may hold the name, so the titles come first. */
#define TITLE_ZH "骨架练习"
#define TITLE_EN "The skeleton exercise"
#define NAME "skeleton"

struct word {
	const char *from, *to;
};

static void add_replaced(struct buf *out, const char *text, size_t length,
	const struct word *words, size_t count)
{
	for (size_t at = 0; at < length;) {
		size_t i = 0, size = 1;

		for (; i < count; i++) {
			size = strlen(words[i].from);
			if (size <= length - at &&
				!memcmp(text + at, words[i].from, size))
				break;
		}
		if (i < count) {
			buf_adds(out, words[i].to);
			at += size;
		} else {
			buf_addc(out, text[at++]);
		}
	}
}

/* As it stands between quotation marks in JSON; owned. */
static char *escape(const char *text)
{
	struct buf out = {0};

	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			buf_addc(&out, '\\');
		buf_addc(&out, *text);
	}
	return buf_detach(&out);
}

static bool ends_with(const char *name, const char *end)
{
	size_t length = strlen(name), tail = strlen(end);

	return length >= tail && !strcmp(name + length - tail, end);
}

static void fill_in(struct buf *out, const struct skeleton_file *file,
	const struct new_exercise *what)
{
	bool json = ends_with(file->name, ".json");
	auto_free char *zh =
		json ? escape(what->title_zh) : xstrdup(what->title_zh);
	auto_free char *en =
		json ? escape(what->title_en) : xstrdup(what->title_en);
	const struct word words[] = {
		{TITLE_ZH, zh}, {TITLE_EN, en}, {NAME, what->name}};

	add_replaced(out, file->data, file->size, words,
		sizeof(words) / sizeof(*words));
}

/* The folders above PATH, as far down as behind its first START bytes. */
static int make_folders(const char *path, size_t start, struct err *err)
{
	auto_free char *copy = xstrdup(path);

	for (char *at = strchr(copy + start, '/'); at;
		at = strchr(at + 1, '/')) {
		*at = '\0';
		if (mkdir(copy, 0777) && errno != EEXIST)
			return err_errno(err, -errno, "cannot make '%s'", copy);
		*at = '/';
	}
	return 0;
}

static int write_file(const char *folder, const char *name,
	const struct skeleton_file *file, const struct new_exercise *what,
	struct err *err)
{
	const struct word words[] = {{NAME, what->name}};
	struct buf path = {0}, text = {0};
	int error;

	buf_addf(&path, "%s/", folder);
	add_replaced(&path, name, strlen(name), words, 1);
	error = make_folders(buf_text(&path), strlen(folder) + 1, err);
	fill_in(&text, file, what);
	if (error == 0)
		error = atomic_file_write(
			buf_text(&path), text.data, text.length, err);
	buf_release(&path);
	buf_release(&text);
	return error;
}

/* All files of the skeleton's folder PART, written into FOLDER. */
static int write_tree(const char *folder, const char *part,
	const struct new_exercise *what, struct err *err)
{
	size_t length = strlen(part);
	int error = 0;

	for (const struct skeleton_file *file = skeleton_files;
		file->name && error == 0; file++)
		if (!strncmp(file->name, part, length))
			error = write_file(
				folder, file->name + length, file, what, err);
	return error;
}

static int remove_one(const char *path, const struct stat *status, int type,
	struct FTW *place)
{
	(void)status;
	(void)type;
	(void)place;
	return remove(path);
}

static void remove_tree(const char *folder)
{
	nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* A new folder in PARENT, of which the caller owns the path. */
static int make_temporary(char **folder, const char *parent, struct err *err)
{
	auto_free char *path = xasprintf("%s/.new-exercise.XXXXXX", parent);
	mode_t mask = umask(0);

	umask(mask);
	if (mkdir(parent, 0777) && errno != EEXIST)
		return err_errno(err, -errno, "cannot make '%s'", parent);
	if (!mkdtemp(path))
		return err_errno(err, -errno, "cannot write in '%s'", parent);
	if (chmod(path, 0777 & ~mask)) {
		int error = -errno;

		rmdir(path);
		return err_errno(err, error, "cannot write in '%s'", parent);
	}
	*folder = xstrdup(path);
	return 0;
}

/* Not over anything, an empty folder included. */
static int move_into_place(const char *from, const char *to, struct err *err)
{
	struct stat status;
	int error = 0;

	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE))
		error = -errno;
	/* a file system that does not know the flag */
	if (error == -EINVAL) {
		if (!lstat(to, &status))
			error = -EEXIST;
		else
			error = rename(from, to) ? -errno : 0;
	}
	if (error == -EEXIST)
		return err_set(err, error,
			"'%s' is there already; nothing was changed", to);
	return error ? err_errno(err, error, "cannot make '%s'", to) : 0;
}

/* The reader has the last word. */
static int check_made(const char *folder, struct err *err)
{
	struct exercise *exercise = NULL;
	int error = exercise_load(&exercise, folder, err);

	exercise_free(exercise);
	return error;
}

static int make_both(const struct new_exercise *what, const char *exercise,
	const char *solutions, struct err *err)
{
	auto_free char *exercise_place =
		xasprintf("%s/%s", what->exercises, what->name);
	auto_free char *solutions_place =
		xasprintf("%s/%s", what->solutions, what->name);
	int error = write_tree(exercise, "exercise/", what, err);

	if (error == 0)
		error = write_tree(solutions, "solutions/", what, err);
	if (error == 0)
		error = check_made(exercise, err);
	if (error == 0)
		error = move_into_place(solutions, solutions_place, err);
	if (error)
		return error;
	error = move_into_place(exercise, exercise_place, err);
	if (error)
		remove_tree(solutions_place);
	return error;
}

/* Told before anything is made, where it can be. */
static int check_places(const struct new_exercise *what, struct err *err)
{
	const char *const parents[] = {what->exercises, what->solutions};
	struct stat status;

	for (size_t i = 0; i < sizeof(parents) / sizeof(*parents); i++) {
		auto_free char *place =
			xasprintf("%s/%s", parents[i], what->name);

		if (!lstat(place, &status))
			return err_set(err, -EEXIST,
				"'%s' is there already; nothing was changed",
				place);
	}
	return 0;
}

int new_exercise_make(const struct new_exercise *what, struct err *err)
{
	auto_free char *exercise = NULL, *solutions = NULL;
	int error = new_exercise_check(what, err);

	if (error == 0)
		error = check_places(what, err);
	if (error == 0)
		error = make_temporary(&exercise, what->exercises, err);
	if (error == 0)
		error = make_temporary(&solutions, what->solutions, err);
	if (exercise && solutions)
		error = make_both(what, exercise, solutions, err);
	/* what was renamed is not there any more */
	if (exercise)
		remove_tree(exercise);
	if (solutions)
		remove_tree(solutions);
	return error;
}

static int check_title(const char *option, const char *title, struct err *err)
{
	size_t length = strlen(title);
	int32_t character = 0;

	if (length == 0)
		return err_set(err, -EINVAL, "%s is empty", option);
	for (size_t at = 0, size; at < length; at += size) {
		size = utf8_next(title + at, length - at, &character, NULL);
		if (size == 0)
			return err_set(err, -EINVAL, "%s is not UTF-8", option);
		if (character < ' ' || (character >= 0x7f && character < 0xa0))
			return err_set(err, -EINVAL,
				"%s has a control character", option);
	}
	return 0;
}

int new_exercise_check(const struct new_exercise *what, struct err *err)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	const char *name = what->name;
	size_t length = strlen(name);
	int error;

	if (name[0] < 'a' || name[0] > 'z' || strspn(name, letters) != length ||
		length > NAME_MAX_LENGTH)
		return err_set(err, -EINVAL,
			"'%.60s' is no name of an exercise: small letters, "
			"digits and '-', a letter first, at most %d of them",
			name, NAME_MAX_LENGTH);
	if (!strcmp(name, "solutions") || !strcmp(name, "exercises"))
		return err_set(err, -EINVAL,
			"'%s' is the name of a folder of the grader", name);
	error = check_title("--title-zh", what->title_zh, err);
	return error ? error : check_title("--title-en", what->title_en, err);
}
