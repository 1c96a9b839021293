/*
 * exercise.json is filtered as a tree, by the names of the scenarios and groups
 * in it: what the reader of exercises would not find is taken out.
 */
#include "grader/pack.h"

#include <cjson/cJSON.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "grader/atomic_file.h"
#include "grader/exercise.h"
#include "grader/right_runs.h"

#define FILE_MAX (4 << 20)

static bool list_has(const cJSON *list, const char *text)
{
	const cJSON *element;

	cJSON_ArrayForEach(element,
		list) if (cJSON_IsString(element) &&
			  !strcmp(element->valuestring, text)) return true;
	return false;
}

/* Is NAME a scenario of the file, or a group of one? */
static bool is_visible(const cJSON *scenarios, const char *name)
{
	const cJSON *scenario;

	cJSON_ArrayForEach(scenario, scenarios)
	{
		const cJSON *id = cJSON_GetObjectItem(scenario, "id");

		if ((cJSON_IsString(id) && !strcmp(id->valuestring, name)) ||
			list_has(cJSON_GetObjectItem(scenario, "groups"), name))
			return true;
	}
	return false;
}

/* Filters the list `scenarios` of NODE; false: there was one, now empty. */
static bool filter_names(cJSON *node, const cJSON *scenarios)
{
	cJSON *list = cJSON_GetObjectItem(node, "scenarios");

	for (int i = list ? cJSON_GetArraySize(list) : 0; i-- > 0;) {
		const cJSON *name = cJSON_GetArrayItem(list, i);

		if (!cJSON_IsString(name) ||
			!is_visible(scenarios, name->valuestring))
			cJSON_DeleteItemFromArray(list, i);
	}
	if (!list || cJSON_GetArraySize(list) > 0)
		return true;
	cJSON_DeleteItemFromObject(node, "scenarios");
	return false;
}

static void extend_title(
	cJSON *criterion, const char *language, const char *end)
{
	cJSON *title = cJSON_GetObjectItem(criterion, "title");
	const cJSON *text = cJSON_GetObjectItem(title, language);
	auto_free char *longer = NULL;

	if (!cJSON_IsString(text))
		return;
	longer = xasprintf("%s%s", text->valuestring, end);
	cJSON_ReplaceItemInObject(title, language, cJSON_CreateString(longer));
}

static void filter_criterion(cJSON *criterion, const cJSON *scenarios)
{
	cJSON *rules = cJSON_GetObjectItem(criterion, "rules");
	bool own;

	if (cJSON_HasObjectItem(criterion, "answer"))
		return; /* a person marks it, here and there */
	own = filter_names(criterion, scenarios) &&
	      cJSON_HasObjectItem(criterion, "scenarios");

	for (int i = cJSON_GetArraySize(rules); i-- > 0;) {
		cJSON *rule = cJSON_GetArrayItem(rules, i);
		bool has = cJSON_HasObjectItem(rule, "scenarios");

		if (has ? !filter_names(rule, scenarios) : !own)
			cJSON_DeleteItemFromArray(rules, i);
	}
	if (cJSON_GetArraySize(rules) > 0)
		return;
	cJSON_AddTrueToObject(criterion, "elsewhere");
	extend_title(criterion, "zh", "（交上去以后才评）");
	extend_title(criterion, "en", " (judged after handing in)");
}

int pack_filter(struct buf *out, const char *text, size_t length,
	const char *name, struct err *err)
{
	struct exercise *exercise = NULL;
	cJSON *tree = cJSON_ParseWithLength(text, length), *criterion;
	char *printed = NULL;
	int error = 0;

	if (!tree)
		return err_set(err, -EINVAL, "'%s' is not JSON", name);
	cJSON_ArrayForEach(criterion, cJSON_GetObjectItem(tree, "criteria"))
		filter_criterion(
			criterion, cJSON_GetObjectItem(tree, "scenarios"));
	printed = cJSON_Print(tree);
	cJSON_Delete(tree);
	if (!printed)
		return err_set(err, -ENOMEM, "no memory for '%s'", name);
	/* the reader has the last word: it is what students will use */
	error = exercise_parse(&exercise, printed, strlen(printed), name, err);
	if (error == 0) {
		buf_adds(out, printed);
		buf_addc(out, '\n');
		exercise_free(exercise);
	}
	free(printed);
	return error;
}

static int read_whole(struct buf *text, const char *path, struct err *err)
{
	auto_close int fd =
		open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	int error = fd < 0 ? -errno : buf_read_fd(text, fd, FILE_MAX);

	return error ? err_errno(err, error, "cannot read '%s'", path) : 0;
}

static int copy_file(const char *from, const char *to, struct err *err)
{
	struct buf text = {0};
	int error = read_whole(&text, from, err);

	if (error == 0)
		error = atomic_file_write(
			to, buf_text(&text), text.length, err);
	buf_release(&text);
	return error;
}

static int make_folder(const char *path, struct err *err)
{
	return mkdir(path, 0777)
		       ? err_errno(err, -errno, "cannot make '%s'", path)
		       : 0;
}

/* The regular files of FROM whose name WANTED accepts; a missing FROM is empty.
 */
static int copy_folder(const char *from, const char *to,
	bool (*wanted)(const char *name, const struct exercise *exercise),
	const struct exercise *exercise, struct err *err)
{
	DIR *folder = opendir(from);
	struct dirent *entry;
	int error = 0;

	if (!folder)
		return errno == ENOENT ? 0
				       : err_errno(err, -errno,
						 "cannot read '%s'", from);
	while (error == 0 && (entry = readdir(folder))) {
		auto_free char *source =
			xasprintf("%s/%s", from, entry->d_name);
		auto_free char *target = xasprintf("%s/%s", to, entry->d_name);
		struct stat status;

		if (lstat(source, &status) || !S_ISREG(status.st_mode) ||
			!wanted(entry->d_name, exercise))
			continue;
		error = copy_file(source, target, err);
	}
	closedir(folder);
	return error;
}

static bool ends_with(const char *name, const char *end)
{
	size_t length = strlen(name), tail = strlen(end);

	return length >= tail && !strcmp(name + length - tail, end);
}

static bool is_handout(const char *name, const struct exercise *exercise)
{
	(void)exercise;
	return !strncmp(name, "handout.", 8) && ends_with(name, ".md");
}

static bool is_source(const char *name, const struct exercise *exercise)
{
	(void)exercise;
	return ends_with(name, ".c") || ends_with(name, ".h");
}

static bool is_visible_reference(
	const char *name, const struct exercise *exercise)
{
	auto_free char *id = xstrdup(name);

	if (!ends_with(name, ".json"))
		return false;
	id[strlen(id) - (ends_with(name, RIGHT_RUN_SUFFIX)
					? strlen(RIGHT_RUN_SUFFIX)
					: strlen(".json"))] = '\0';
	return exercise_scenario(exercise, id) != NULL;
}

static int copy_parts(const char *from, const char *to,
	const struct exercise *exercise, struct err *err)
{
	static const struct {
		const char *name;
		bool (*wanted)(const char *, const struct exercise *);
	} parts[] = {
		{"starter", is_source}, {"reference", is_visible_reference}};
	int error = copy_folder(from, to, is_handout, exercise, err);

	for (size_t i = 0; error == 0 && i < sizeof(parts) / sizeof(*parts);
		i++) {
		auto_free char *source =
			xasprintf("%s/%s", from, parts[i].name);
		auto_free char *target = xasprintf("%s/%s", to, parts[i].name);

		error = make_folder(target, err);
		if (error == 0)
			error = copy_folder(
				source, target, parts[i].wanted, exercise, err);
	}
	return error;
}

static int pack_into(const char *from, const char *to, const struct buf *text,
	struct err *err)
{
	auto_free char *target = xasprintf("%s/exercise.json", to);
	struct exercise *exercise = NULL;
	int error = make_folder(to, err);

	if (error == 0)
		error = atomic_file_write(
			target, text->data, text->length, err);
	if (error == 0)
		error = exercise_load(&exercise, to, err);
	if (error == 0)
		error = copy_parts(from, to, exercise, err);
	exercise_free(exercise);
	return error;
}

int pack_exercise(const char *from, const char *to, struct err *err)
{
	auto_free char *source = xasprintf("%s/exercise.json", from);
	struct exercise *whole = NULL;
	struct buf text = {0}, filtered = {0};
	int error = exercise_load(&whole, from, err);

	if (error == 0)
		error = read_whole(&text, source, err);
	if (error == 0)
		error = pack_filter(
			&filtered, buf_text(&text), text.length, source, err);
	if (error == 0) {
		auto_free char *target = xasprintf("%s/%s", to, whole->id);

		error = pack_into(from, target, &filtered, err);
	}
	exercise_free(whole);
	buf_release(&text);
	buf_release(&filtered);
	return error;
}
