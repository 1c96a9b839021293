/*
 * What is asked of one observed run, by the miner and by the comparison
 * alike: each fact as a number or a short text that can be counted, stored
 * and compared.
 */
#include "grader/reference.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/json_reader.h"

char *reference_end(const struct observed_run *run)
{
	const struct run_outcome *outcome = run->outcome;

	if (!outcome->main_ended)
		return xstrdup("none");
	if (outcome->main_signal)
		return xasprintf("signal %d", outcome->main_signal);
	return xasprintf("exit %d", outcome->main_status);
}

int64_t reference_duration(const struct observed_run *run)
{
	return run->outcome->main_ended ? run->outcome->main_end_us
					: trace_end_us(run->trace);
}

int64_t reference_printers(const struct observed_run *run)
{
	int64_t count = 0;
	size_t i, j;

	for (i = 0; i < run->observation_count; i++) {
		for (j = 0; j < i; j++)
			if (run->observations[j].process ==
				run->observations[i].process)
				break;
		count += j == i;
	}
	return count;
}

/* DATA without blanks that mean nothing, when it is JSON. */
static char *compact(const char *data, size_t length)
{
	struct json_document document;
	struct json_node root;
	struct err ignored;
	struct buf clean = {0};
	char *text;

	if (!json_document_open(&document, data, length, "", &ignored)) {
		root = json_document_root(&document);
		text = json_print(&root);
		json_document_close(&document);
		return text;
	}
	buf_add_clean(&clean, data, length);
	return buf_detach(&clean);
}

char *reference_file(const struct observed_run *run, const char *name)
{
	const struct run_outcome *outcome = run->outcome;
	size_t i;

	for (i = 0; i < outcome->file_count; i++)
		if (!strcmp(outcome->files[i].name, name) &&
			outcome->files[i].regular)
			return compact(outcome->files[i].data,
				outcome->files[i].length);
	return NULL;
}

static bool is_same_sequence(
	const struct observation *one, const struct observation *other)
{
	return !strcmp(one->subject, other->subject) &&
	       (*one->subject || one->process == other->process);
}

bool reference_begins_sequence(const struct observed_run *run, size_t i)
{
	const struct observation *seen = run->observations;
	size_t j;

	for (j = 0; j < i; j++)
		if (is_same_sequence(&seen[j], &seen[i]))
			return false;
	return true;
}

char *reference_sequence(const struct observed_run *run, size_t first)
{
	const struct observation *seen = run->observations;
	const char *kind = "";
	struct buf text = {0};
	size_t i, times = 0;

	for (i = first; i < run->observation_count; i++) {
		if (!is_same_sequence(&seen[first], &seen[i]))
			continue;
		if (!strcmp(seen[i].kind, kind)) {
			times++;
			continue;
		}
		if (times > 1)
			buf_addf(&text, "*%zu", times);
		kind = seen[i].kind;
		times = 1;
		buf_addf(&text, "%s%s", text.length ? " " : "", kind);
	}
	if (times > 1)
		buf_addf(&text, "*%zu", times);
	return buf_detach(&text);
}

char *reference_group(const char *subject)
{
	return *subject ? xstrndup(subject, strcspn(subject, "="))
			: xstrdup("(process)");
}

char **reference_labels(const struct observed_run *run)
{
	const struct observation *seen = run->observations;
	char **labels = xcalloc(run->observation_count, sizeof(*labels));
	size_t i, j, number;

	for (i = 0; i < run->observation_count; i++) {
		number = 1;
		for (j = 0; j < i; j++)
			number += !strcmp(seen[j].kind, seen[i].kind) &&
				  !strcmp(seen[j].subject, seen[i].subject);
		labels[i] =
			xasprintf(*seen[i].subject ? "%s(%s)#%zu" : "%s%s#%zu",
				seen[i].kind, seen[i].subject, number);
	}
	return labels;
}

void reference_free_labels(char **labels, const struct observed_run *run)
{
	size_t i;

	for (i = 0; i < run->observation_count; i++)
		free(labels[i]);
	free(labels);
}
