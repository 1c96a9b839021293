/*
 * How it works: the executable is found through /proc/self/exe; the source
 * tree lies one or two folders above it (build/grader, build/release/grader),
 * what was installed with it in ../share.  No path is compiled in, so that
 * make install builds nothing and what is installed may be moved as a whole.
 * An exercise is a folder that holds exercise.json.
 */
#include "grader/catalog.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "grader/suggest.h"

/* The executable's folder, owned; NULL when it cannot be found. */
static char *executable_folder(void)
{
	char path[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
	char *slash;

	if (length <= 0)
		return NULL;
	path[length] = '\0';
	slash = strrchr(path, '/');
	if (!slash)
		return NULL;
	*slash = '\0';
	return xstrdup(path);
}

/* FOLDER/RELATIVE made absolute, owned; NULL when it is not there. */
static char *existing(const char *folder, const char *relative)
{
	auto_free char *path = xasprintf("%s/%s", folder, relative);

	return realpath(path, NULL);
}

char *catalog_source_folder(const char *name)
{
	static const char *const above[] = {"..", "../.."};
	auto_free char *folder = executable_folder();

	for (size_t i = 0; folder && i < sizeof(above) / sizeof(*above); i++) {
		auto_free char *mark =
			xasprintf("%s/grader/verdict.h", above[i]);
		auto_free char *tree = existing(folder, mark);
		auto_free char *wanted = xasprintf("%s/%s", above[i], name);

		if (tree)
			return existing(folder, wanted);
	}
	return NULL;
}

char *catalog_folder(struct err *err)
{
	const char *chosen = getenv("GRADER_EXERCISES");
	auto_free char *folder = executable_folder();
	char *found;

	if (chosen && *chosen) {
		found = realpath(chosen, NULL);
		if (!found)
			err_errno(err, -errno, "GRADER_EXERCISES='%s'", chosen);
		return found;
	}
	found = catalog_source_folder("exercises");
	if (!found && folder)
		found = existing(folder, "../share/grader/exercises");
	if (!found)
		err_set(err, -ENOENT,
			"cannot find the exercises; set GRADER_EXERCISES to "
			"their folder");
	return found;
}

char *catalog_locale_folder(void)
{
	auto_free char *folder = executable_folder();
	char *found = catalog_source_folder("build/locale");

	if (!found && folder)
		found = existing(folder, "../share/locale");
	return found;
}

char *catalog_absolute(const char *folder)
{
	char *found = realpath(folder, NULL);
	auto_free char *here = realpath(".", NULL);
	size_t length = strlen(folder);

	if (found)
		return found;
	while (length > 1 && folder[length - 1] == '/')
		length--;
	if (folder[0] == '/' || !here)
		return xstrndup(folder, length);
	return xasprintf("%s/%.*s", here, (int)length, folder);
}

char *catalog_solutions(const char *exercises)
{
	const char *name = strrchr(exercises, '/');

	if (!name || strcmp(name, "/exercises") != 0)
		return xasprintf("%s/solutions", exercises);
	return xasprintf("%.*s/solutions", (int)(name - exercises), exercises);
}

char *catalog_find_solutions(const struct exercise *exercise, struct err *err)
{
	auto_free char *above = existing(exercise->folder, "..");
	auto_free char *near = above ? catalog_solutions(above) : NULL;
	auto_free char *tree = catalog_source_folder("solutions");
	char *found = near ? existing(near, exercise->id) : NULL;

	if (!found && tree)
		found = existing(tree, exercise->id);
	if (!found)
		err_set(err, -ENOENT,
			"no solutions of '%s' here: name their folder with "
			"--solutions",
			exercise->id);
	return found;
}

static bool holds_exercise(const char *folder, const char *name)
{
	auto_free char *path = xasprintf("%s/%s/exercise.json", folder, name);

	return name[0] != '.' && !access(path, F_OK);
}

static int compare_ids(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int catalog_list(
	const char *folder, char ***ids, size_t *count, struct err *err)
{
	size_t capacity = 0, found = 0;
	struct dirent *entry;
	char **list = NULL;
	DIR *dir = opendir(folder);

	if (!dir)
		return err_errno(err, -errno, "cannot read '%s'", folder);
	while ((entry = readdir(dir))) {
		if (!holds_exercise(folder, entry->d_name))
			continue;
		grow_array(&list, found, &capacity, sizeof(*list));
		list[found++] = xstrdup(entry->d_name);
	}
	closedir(dir);
	if (found)
		qsort(list, found, sizeof(*list), compare_ids);
	*ids = list;
	*count = found;
	return 0;
}

void catalog_free_ids(char **ids, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(ids[i]);
	free(ids);
}

static bool is_local_exercise(const char *name)
{
	auto_free char *path = xasprintf("./%s/exercise.json", name);

	return access(path, F_OK) == 0;
}

/* Always -ENOENT. */
static int no_such_exercise(
	const char *folder, const char *name, struct err *err)
{
	const char *near;
	size_t count = 0;
	char **ids = NULL;
	int r = catalog_list(folder, &ids, &count, err);

	if (r < 0)
		return r;
	near = suggest(name, (const char *const *)ids, count);
	if (is_local_exercise(name))
		err_set(err, -ENOENT,
			"there is no exercise '%.100s'; for the folder of that "
			"name write './%.100s'",
			name, name);
	else if (near)
		err_set(err, -ENOENT,
			"there is no exercise '%.100s'; did you mean '%s'?",
			name, near);
	else
		err_set(err, -ENOENT,
			"there is no exercise '%.100s'; 'grader list' shows "
			"them all",
			name);
	catalog_free_ids(ids, count);
	return -ENOENT;
}

int catalog_load(struct exercise **exercise, const char *name, struct err *err)
{
	auto_free char *folder = NULL, *path = NULL;

	if (strchr(name, '/')) {
		path = xasprintf("%s/exercise.json", name);
		if (access(path, F_OK))
			return err_set(err, -ENOENT,
				"there is no exercise in '%s': it has no "
				"exercise.json",
				name);
		return exercise_load(exercise, name, err);
	}
	folder = catalog_folder(err);
	if (!folder)
		return -ENODATA;
	if (!holds_exercise(folder, name))
		return no_such_exercise(folder, name, err);
	path = xasprintf("%s/%s", folder, name);
	return exercise_load(exercise, path, err);
}
