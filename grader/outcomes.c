/*
 * A result is known by one number, a hash of its ending, its troubles, its
 * sorted lines and its files, so that a thousand results cost no more than a
 * thousand numbers; the lines of a few are kept to tell them apart.
 */
#include "grader/outcomes.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/tell.h"

#define LINES_KEPT 10000

/* The troubles that may differ from schedule to schedule, by a note's kind. */
static const struct {
	const char *kind;
	const char *zh, *en;
} TROUBLES[] = {
	{"left", "有进程没等就丢下了", "a process left running"},
	{"orphan", "有孤儿进程", "an orphan"},
	{"zombie", "有僵尸进程", "a zombie"},
	{"left-object", "留下了 IPC 对象", "an IPC object left"},
	{"busy-wait", "有忙等", "busy waiting"},
};

#define FNV_START UINT64_C(0xcbf29ce484222325)

/* FNV-1a. */
static uint64_t hash_data(uint64_t hash, const void *data, size_t length)
{
	const unsigned char *bytes = data;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
	return hash;
}

/* With its NUL, so that "ab" "c" is not "a" "bc". */
static uint64_t hash_text(uint64_t hash, const char *text)
{
	return hash_data(hash, text, strlen(text) + 1);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The lines of the run, sorted; *ORDER is the hash of them as they came. */
static char **take_lines(
	const struct trace *trace, size_t *count, uint64_t *order)
{
	size_t capacity = 0;
	char **lines = NULL;

	*count = 0;
	*order = FNV_START;
	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (event->kind != EVENT_OUTPUT)
			continue;
		*order = hash_text(*order, event->object ? event->object : "");
		*order = hash_text(*order, event->text ? event->text : "");
		grow_array(&lines, *count, &capacity, sizeof(*lines));
		lines[(*count)++] = xstrdup(event->text ? event->text : "");
	}
	if (*count > 1)
		qsort(lines, *count, sizeof(*lines), by_text);
	return lines;
}

static void free_lines(char **lines, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(lines[i]);
	free(lines);
}

static struct bilingual find_trouble(const struct account *account)
{
	const struct verdict *notes = &account->notes;
	struct buf zh = {0}, en = {0};

	for (size_t i = 0; i < sizeof(TROUBLES) / sizeof(TROUBLES[0]); i++)
		for (size_t j = 0; j < notes->warning_count; j++) {
			if (strcmp(notes->warnings[j].kind, TROUBLES[i].kind) !=
				0)
				continue;
			buf_addf(&zh, "%s%s", zh.length ? "，" : "",
				TROUBLES[i].zh);
			buf_addf(&en, "%s%s", en.length ? ", " : "",
				TROUBLES[i].en);
			break;
		}
	if (!zh.length)
		return (struct bilingual){xstrdup(""), xstrdup("")};
	return (struct bilingual){buf_detach(&zh), buf_detach(&en)};
}

static uint64_t make_key(const struct run_outcome *outcome,
	const struct account *account, const struct bilingual *trouble,
	char **lines, size_t count)
{
	uint64_t key = hash_text(FNV_START, account->ending.en);

	key = hash_data(
		key, &account->problem_count, sizeof(account->problem_count));
	key = hash_text(key, trouble->en);
	for (size_t i = 0; i < count; i++)
		key = hash_text(key, lines[i]);
	for (size_t i = 0; i < outcome->file_count; i++) {
		const struct run_file *file = &outcome->files[i];

		key = hash_text(key, file->name);
		if (file->regular)
			key = hash_data(key, file->data, file->length);
	}
	return key;
}

/* Adds HASH unless it is there. */
static void add_hash(
	uint64_t **hashes, size_t *count, size_t *capacity, uint64_t hash)
{
	for (size_t i = 0; i < *count; i++)
		if ((*hashes)[i] == hash)
			return;
	grow_array(hashes, *count, capacity, sizeof(**hashes));
	(*hashes)[(*count)++] = hash;
}

static struct outcome_result *find_result(
	struct outcomes *outcomes, uint64_t key)
{
	struct outcome_result *result;

	for (size_t i = 0; i < outcomes->count; i++)
		if (outcomes->results[i].key == key)
			return &outcomes->results[i];
	grow_array(&outcomes->results, outcomes->count, &outcomes->capacity,
		sizeof(*outcomes->results));
	result = &outcomes->results[outcomes->count++];
	memset(result, 0, sizeof(*result));
	result->key = key;
	return result;
}

void outcomes_add(struct outcomes *outcomes, const struct observed_run *run,
	const struct account *account)
{
	struct bilingual trouble = find_trouble(account);
	struct outcome_result *result;
	uint64_t order, key;
	size_t count;
	char **lines = take_lines(run->trace, &count, &order);

	key = make_key(run->outcome, account, &trouble, lines, count);
	result = find_result(outcomes, key);
	if (result->runs++ == 0) {
		result->policy = run->policy;
		result->seed = run->seed;
		result->well = account->well;
		result->ending = bilingual_copy(&account->ending);
		result->trouble = bilingual_copy(&trouble);
		if (account->problem_count > 0)
			result->problem =
				bilingual_copy(&account->problems[0].message);
		if (outcomes->count <= OUTCOMES_TOLD && count <= LINES_KEPT) {
			result->lines_kept = true;
			result->lines = lines;
			result->line_count = count;
			lines = NULL;
		}
	}
	add_hash(&result->orders, &result->order_count, &result->order_capacity,
		order);
	add_hash(&outcomes->orders, &outcomes->order_count,
		&outcomes->order_capacity, order);
	outcomes->runs++;
	outcomes->failed += !account->well;
	bilingual_release(&trouble);
	if (lines)
		free_lines(lines, count);
}

/* The first line of RESULT that OTHER has not, or not so often; or NULL. */
static const char *find_extra(
	const struct outcome_result *result, const struct outcome_result *other)
{
	size_t j = 0;

	for (size_t i = 0; i < result->line_count; i++) {
		const char *line = result->lines[i], *against = NULL;
		int order = 1;

		/* both are sorted: what OTHER has before LINE is passed by */
		while (order > 0 && j < other->line_count) {
			against = other->lines[j];
			order = against ? strcmp(line, against) : -1;
			j += order >= 0;
		}
		if (order != 0)
			return line;
	}
	return NULL;
}

void outcomes_settle(struct outcomes *outcomes)
{
	for (size_t i = 0; i < outcomes->count && outcomes->count > 1; i++) {
		struct outcome_result *result = &outcomes->results[i];
		const struct outcome_result *other =
			&outcomes->results[i == 0 ? 1 : 0];

		if (!result->lines_kept || !other->lines_kept)
			continue;
		result->telling = find_extra(result, other);
		result->missing =
			result->telling ? NULL : find_extra(other, result);
	}
}

void outcomes_release(struct outcomes *outcomes)
{
	for (size_t i = 0; i < outcomes->count; i++) {
		struct outcome_result *result = &outcomes->results[i];

		bilingual_release(&result->ending);
		bilingual_release(&result->trouble);
		bilingual_release(&result->problem);
		free(result->orders);
		free_lines(result->lines, result->line_count);
	}
	free(outcomes->results);
	free(outcomes->orders);
	memset(outcomes, 0, sizeof(*outcomes));
}
