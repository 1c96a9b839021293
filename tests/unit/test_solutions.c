/*
 * The sample solutions as data: every folder can be handed in, and every
 * wrong one says, in both languages, what has to be found in it.  Tests run
 * in the root of the source tree.
 */
#include <cjson/cJSON.h>
#include <criterion/criterion.h>
#include <dirent.h>
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "grader/explain/explain.h"

#define TEXT_LIMIT 65536

/* The whole file as a string of malloc, or NULL when there is no file. */
static char *read_text(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text;
	size_t length;

	if (file == NULL)
		return NULL;
	text = calloc(1, TEXT_LIMIT);
	cr_assert_not_null(text);
	length = fread(text, 1, TEXT_LIMIT - 1, file);
	fclose(file);
	cr_assert(length < TEXT_LIMIT - 1, "%s is too long", path);
	return text;
}

static size_t count_matches(const char *folder, const char *pattern)
{
	char path[512];
	glob_t found = {0};
	size_t count = 0;

	snprintf(path, sizeof(path), "%s/%s", folder, pattern);
	if (glob(path, 0, NULL, &found) == 0)
		count = found.gl_pathc;
	globfree(&found);
	return count;
}

/* Calls VISIT for each folder solutions/EXERCISE/PREFIX*. */
static size_t each_solution(const char *prefix, void (*visit)(const char *))
{
	char pattern[64];
	glob_t found = {0};
	size_t count;

	snprintf(pattern, sizeof(pattern), "solutions/*/%s*", prefix);
	if (glob(pattern, 0, NULL, &found) != 0)
		cr_skip_test("not run in the root of the source tree");
	for (size_t i = 0; i < found.gl_pathc; i++)
		visit(found.gl_pathv[i]);
	count = found.gl_pathc;
	globfree(&found);
	return count;
}

static cJSON *read_expectation(const char *folder)
{
	char path[512];
	char *text;
	cJSON *json;

	snprintf(path, sizeof(path), "%s/expect.json", folder);
	text = read_text(path);
	if (text == NULL)
		return NULL;
	json = cJSON_Parse(text);
	free(text);
	cr_assert_not_null(json, "%s is not JSON", path);
	return json;
}

static bool is_list_of_words(const cJSON *list)
{
	const cJSON *word;

	if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) == 0)
		return false;
	cJSON_ArrayForEach(word, list)
	{
		if (!cJSON_IsString(word) || word->valuestring[0] == '\0')
			return false;
	}
	return true;
}

static bool has_text(const cJSON *object, const char *key)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

	return cJSON_IsString(item) && item->valuestring[0] != '\0';
}

static const cJSON *get(const cJSON *object, const char *key)
{
	return cJSON_GetObjectItemCaseSensitive(object, key);
}

static void check_sources(const char *folder)
{
	size_t sources = count_matches(folder, "*.c");
	size_t all = count_matches(folder, "*");
	size_t others = count_matches(folder, "*.h") +
			count_matches(folder, "expect.json");

	cr_expect(sources > 0, "%s has no .c file", folder);
	cr_expect(sources + others == all, "%s has a stray file", folder);
}

/* A cause, when one is named, is one that the grader knows. */
static bool has_known_cause(const cJSON *json)
{
	const cJSON *cause = get(json, "cause");

	if (cause == NULL)
		return true;
	for (size_t i = 0; cJSON_IsString(cause) && explain_cause(i); i++)
		if (strcmp(explain_cause(i), cause->valuestring) == 0)
			return true;
	return false;
}

static void check_wrong(const char *folder)
{
	cJSON *json = read_expectation(folder);

	cr_expect(has_text(json, "scenario_hint"), "%s", folder);
	cr_expect(is_list_of_words(get(json, "must_fail")), "%s", folder);
	cr_expect(has_text(get(json, "why"), "zh"), "%s", folder);
	cr_expect(has_text(get(json, "why"), "en"), "%s", folder);
	cr_expect(has_known_cause(json), "%s", folder);
	cJSON_Delete(json);
}

static void check_right(const char *folder)
{
	cJSON *json = read_expectation(folder);

	if (json == NULL)
		return;
	cr_expect(is_list_of_words(get(json, "extras_missed")), "%s", folder);
	cr_expect_null(get(json, "must_fail"), "%s", folder);
	cJSON_Delete(json);
}

Test(solutions, every_folder_can_be_handed_in)
{
	each_solution("right-", check_sources);
	each_solution("wrong-", check_sources);
}

Test(solutions, every_wrong_one_says_what_must_be_found)
{
	each_solution("wrong-", check_wrong);
}

Test(solutions, a_right_one_names_only_the_extras_it_misses)
{
	each_solution("right-", check_right);
}

Test(solutions, every_exercise_has_enough_of_both_kinds)
{
	static const char *const exercises[] = {
		"daemon",
		"tickets",
		"producer-consumer",
		"spawn",
		"join",
		"isolation",
		"process-info",
		"queue",
		"joinable-queue",
		"unix-daemon",
	};

	if (access("solutions", F_OK) != 0)
		cr_skip_test("not run in the root of the source tree");
	for (size_t i = 0; i < sizeof(exercises) / sizeof(*exercises); i++) {
		char folder[64];

		snprintf(folder, sizeof(folder), "solutions/%s", exercises[i]);
		cr_expect(count_matches(folder, "right-*") >= 8, "%s", folder);
		cr_expect(count_matches(folder, "wrong-*") >= 9, "%s", folder);
	}
}
