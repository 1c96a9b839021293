#include "grader/batch/facts.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/message.h"

static int set_number(struct journal *journal, const char *name,
	uint64_t number, struct err *err)
{
	auto_free char *text = xasprintf("%" PRIu64, number);

	return journal_set(journal, name, text, err);
}

int facts_write(struct journal *journal, const struct batch_facts *facts,
	struct err *err)
{
	const struct {
		const char *name, *value;
	} texts[] = {
		{"submissions", facts->submissions},
		{"exercises", facts->names},
		{"exercise hashes", facts->hashes},
		{"grader", facts->grader},
		{"language", language_name(facts->language)},
		{"roster", facts->roster},
		{"roster path", facts->roster_path},
	};
	const struct {
		const char *name;
		uint64_t value;
	} numbers[] = {
		{"seed", facts->seed},
		{"schedules", facts->schedules},
		{"thorough", facts->thorough},
		{"shard", facts->shard},
		{"shards", facts->shards},
	};
	int r = 0;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts) && !r; i++)
		if (texts[i].value)
			r = journal_set(
				journal, texts[i].name, texts[i].value, err);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers) && !r; i++)
		r = set_number(journal, numbers[i].name, numbers[i].value, err);
	return r;
}

static int get_number(struct journal *journal, const char *name,
	uint64_t *number, struct err *err)
{
	auto_free char *text = NULL;
	int r = journal_get(journal, name, &text, err);

	*number = text ? strtoull(text, NULL, 10) : 0;
	return r;
}

static void split_names(struct batch_facts *facts)
{
	for (char *at = facts->names; at && *at;) {
		char *end = at + strcspn(at, "\n");

		if (*end)
			*end++ = '\0';
		grow_array(&facts->exercises, facts->exercise_count,
			&facts->exercise_capacity, sizeof(*facts->exercises));
		facts->exercises[facts->exercise_count++] = at;
		at = end;
	}
}

static int get_all(
	struct journal *journal, struct batch_facts *facts, struct err *err)
{
	auto_free char *language = NULL;
	uint64_t thorough = 0;
	const struct {
		const char *name;
		char **value;
	} texts[] = {
		{"submissions", &facts->submissions},
		{"exercises", &facts->names},
		{"exercise hashes", &facts->hashes},
		{"grader", &facts->grader},
		{"language", &language},
		{"roster", &facts->roster},
		{"roster path", &facts->roster_path},
	};
	const struct {
		const char *name;
		uint64_t *value;
	} numbers[] = {
		{"seed", &facts->seed},
		{"schedules", &facts->schedules},
		{"thorough", &thorough},
		{"shard", &facts->shard},
		{"shards", &facts->shards},
	};
	int r = 0;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts) && !r; i++)
		r = journal_get(journal, texts[i].name, texts[i].value, err);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers) && !r; i++)
		r = get_number(journal, numbers[i].name, numbers[i].value, err);
	if (r)
		return r;
	facts->thorough = thorough != 0;
	if (!facts->submissions || !facts->names || !facts->hashes ||
		!facts->grader || !language ||
		language_by_name(language, &facts->language))
		return err_set(err, -EINVAL,
			"the journal does not say how the class was graded");
	return 0;
}

int facts_read(
	struct journal *journal, struct batch_facts *facts, struct err *err)
{
	struct batch_facts result = {0};
	int r = get_all(journal, &result, err);

	if (r) {
		facts_release(&result);
		return r;
	}
	split_names(&result);
	*facts = result;
	return 0;
}

int facts_read_shard(struct journal *journal, uint64_t *shard, uint64_t *shards,
	bool *known, struct err *err)
{
	auto_free char *text = NULL;
	int r = journal_get(journal, "shards", &text, err);

	*known = text != NULL;
	if (!r)
		r = get_number(journal, "shard", shard, err);
	return r ? r : get_number(journal, "shards", shards, err);
}

int facts_read_in(
	const char *folder, struct batch_facts *facts, struct err *err)
{
	auto_free char *path = xasprintf("%s/journal.sqlite", folder);
	struct journal *journal = NULL;
	bool fresh;
	int r;

	if (access(path, R_OK) < 0)
		return err_errno(err, -errno,
			"'%s' is not the folder of a batch", folder);
	r = journal_open(&journal, path, &fresh, err);
	if (!r)
		r = facts_read(journal, facts, err);
	journal_close(journal);
	return r;
}

void facts_release(struct batch_facts *facts)
{
	free(facts->submissions);
	free(facts->names);
	free(facts->exercises);
	free(facts->hashes);
	free(facts->grader);
	free(facts->roster);
	free(facts->roster_path);
	*facts = (struct batch_facts){0};
}

static bool same_exercises(
	const struct batch_facts *one, const struct batch_facts *other)
{
	if (one->exercise_count != other->exercise_count)
		return false;
	for (size_t i = 0; i < one->exercise_count; i++)
		if (strcmp(one->exercises[i], other->exercises[i]) != 0)
			return false;
	return true;
}

/* What differs between the two, as a noun; NULL: nothing. */
static const char *difference(
	const struct batch_facts *one, const struct batch_facts *other)
{
	const char *roster = one->roster ? one->roster : "";

	if (one->shards != other->shards)
		return _("a different number of shards");
	if (!same_exercises(one, other))
		return _("different exercises");
	if (strcmp(one->hashes, other->hashes) != 0)
		return _("different versions of an exercise");
	if (one->seed != other->seed || one->schedules != other->schedules ||
		one->thorough != other->thorough)
		return _("different options (seed, schedules or thorough)");
	if (strcmp(one->grader, other->grader) != 0)
		return _("different versions of grader");
	if (one->language != other->language)
		return _("different languages");
	return strcmp(roster, other->roster ? other->roster : "") != 0
		       ? _("different rosters")
		       : NULL;
}

int facts_compare(const struct batch_facts *one, const char *one_name,
	const struct batch_facts *other, const char *other_name,
	struct err *err)
{
	const char *what = difference(one, other);

	return what ? err_set(err, -EINVAL,
			      "'%s' and '%s' were graded with %s; grade one of "
			      "them again",
			      one_name, other_name, what)
		    : 0;
}

/* As one word of a shell. */
static void add_word(struct buf *out, const char *text)
{
	const char *plain = "abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=+:,@";

	if (*text && !text[strspn(text, plain)]) {
		buf_adds(out, text);
		return;
	}
	buf_addc(out, '\'');
	for (; *text; text++)
		if (*text == '\'')
			buf_adds(out, "'\\''");
		else
			buf_addc(out, *text);
	buf_addc(out, '\'');
}

void facts_add_command(struct buf *out, const struct batch_facts *facts,
	uint64_t shard, const char *folder)
{
	buf_adds(out, "grader batch ");
	add_word(out, facts->submissions);
	for (size_t i = 0; i < facts->exercise_count; i++) {
		buf_adds(out, " -e ");
		add_word(out, facts->exercises[i]);
	}
	buf_adds(out, " -o ");
	add_word(out, folder);
	if (facts->shards)
		buf_addf(out, " --shard %" PRIu64 "/%" PRIu64, shard,
			facts->shards);
	buf_adds(out, " --resume");
	if (facts->roster_path) {
		buf_adds(out, " --roster ");
		add_word(out, facts->roster_path);
	}
	if (facts->seed != 1)
		buf_addf(out, " --seed %" PRIu64, facts->seed);
	if (facts->schedules)
		buf_addf(out, " --schedules %" PRIu64, facts->schedules);
	if (facts->thorough)
		buf_adds(out, " --thorough");
	buf_addf(out, " --lang %s", language_name(facts->language));
}
