/*
 * The value and its writer.  The file is for people as much as for the
 * grader: a fixed order of fields, one fact or constraint a line, so that a
 * change of a reference is a readable diff.
 */
#include "grader/reference.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "trace/trace_json.h"

static const char *const relations[REFERENCE_RELATION_COUNT] = {
	[REFERENCE_MUST_PRECEDE] = "must-precede",
	[REFERENCE_NEVER_CONCURRENT] = "never-concurrent",
	[REFERENCE_MAY_OVERLAP] = "may-overlap",
};

static const char *const scopes[REFERENCE_SCOPE_COUNT] = {
	[REFERENCE_EACH] = "each",
	[REFERENCE_SAME] = "same-subject",
	[REFERENCE_ONE] = "one",
};

const char *reference_relation_name(enum reference_relation relation)
{
	return relations[relation];
}

const char *reference_scope_name(enum reference_scope scope)
{
	return scopes[scope];
}

static void variants_release(struct reference_variants *variants)
{
	size_t i;

	for (i = 0; i < variants->count; i++)
		free(variants->texts[i]);
	free(variants->texts);
	free(variants->name);
}

static void free_variants(struct reference_variants *list, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		variants_release(&list[i]);
	free(list);
}

void reference_release(struct reference *reference)
{
	size_t i;

	free(reference->exercise);
	free(reference->scenario);
	free(reference->command);
	free(reference->grader);
	for (i = 0; i < reference->solution_count; i++)
		free(reference->solutions[i].name);
	free(reference->solutions);
	for (i = 0; i < reference->count_count; i++)
		free(reference->counts[i].kind);
	free(reference->counts);
	variants_release(&reference->end);
	free_variants(reference->sequences, reference->sequence_count);
	free_variants(reference->files, reference->file_count);
	for (i = 0; i < reference->order_count; i++) {
		free(reference->orders[i].first);
		free(reference->orders[i].second);
	}
	free(reference->orders);
	memset(reference, 0, sizeof(*reference));
}

static void add_text(struct buf *out, const char *name, const char *text)
{
	buf_addf(out, "\"%s\": ", name);
	trace_json_write_string(out, text);
}

static void add_range(struct buf *out, const struct reference_range *range)
{
	buf_addf(out, "\"max\": %" PRId64 ", \"min\": %" PRId64, range->max,
		range->min);
}

static void add_variants(
	struct buf *out, const struct reference_variants *variants)
{
	size_t i;

	if (variants->varies) {
		buf_adds(out, "\"varies\": true");
		return;
	}
	buf_adds(out, "\"texts\": [");
	for (i = 0; i < variants->count; i++) {
		if (i)
			buf_adds(out, ", ");
		trace_json_write_string(out, variants->texts[i]);
	}
	buf_addc(out, ']');
}

/* The beginning of element I of COUNT in a list of one element a line. */
static void add_element(struct buf *out, size_t i)
{
	buf_adds(out, i ? ",\n\t\t{" : "\n\t\t{");
}

static void end_list(struct buf *out, size_t count)
{
	buf_adds(out, count ? "\n\t]" : "]");
}

static void add_variants_list(struct buf *out, const char *name,
	const struct reference_variants *list, size_t count)
{
	size_t i;

	buf_addf(out, "\t\"%s\": [", name);
	for (i = 0; i < count; i++) {
		add_element(out, i);
		add_text(out, "name", list[i].name);
		buf_adds(out, ", ");
		add_variants(out, &list[i]);
		buf_addc(out, '}');
	}
	end_list(out, count);
	buf_adds(out, ",\n");
}

static void add_counts(struct buf *out, const struct reference *reference)
{
	size_t i;

	buf_adds(out, "\t\"counts\": [");
	for (i = 0; i < reference->count_count; i++) {
		add_element(out, i);
		add_text(out, "kind", reference->counts[i].kind);
		buf_adds(out, ", ");
		add_range(out, &reference->counts[i].range);
		buf_addc(out, '}');
	}
	end_list(out, reference->count_count);
	buf_adds(out, ",\n");
}

static void add_orders(struct buf *out, const struct reference *reference)
{
	const struct reference_order *order;
	size_t i;

	buf_adds(out, "\t\"orders\": [");
	for (i = 0; i < reference->order_count; i++) {
		order = &reference->orders[i];
		add_element(out, i);
		add_text(out, "first", order->first);
		buf_addf(out, ", \"relation\": \"%s\", \"scope\": \"%s\", ",
			relations[order->relation], scopes[order->scope]);
		add_text(out, "second", order->second);
		buf_addc(out, '}');
	}
	end_list(out, reference->order_count);
	buf_adds(out, ",\n");
}

static void add_solutions(struct buf *out, const struct reference *reference)
{
	size_t i;

	buf_adds(out, "\t\"solutions\": [");
	for (i = 0; i < reference->solution_count; i++) {
		add_element(out, i);
		add_text(out, "name", reference->solutions[i].name);
		buf_addf(out, ", \"schedules\": %zu}",
			reference->solutions[i].schedules);
	}
	end_list(out, reference->solution_count);
}

static void add_line(struct buf *out, const char *name, const char *text)
{
	buf_addc(out, '\t');
	add_text(out, name, text);
	buf_adds(out, ",\n");
}

void reference_write(struct buf *out, const struct reference *reference)
{
	buf_adds(out, "{\n");
	add_line(out, "command", reference->command);
	add_counts(out, reference);
	buf_adds(out, "\t\"duration_us\": {");
	add_range(out, &reference->duration_us);
	buf_adds(out, "},\n\t\"end\": {");
	add_variants(out, &reference->end);
	buf_adds(out, "},\n");
	add_line(out, "exercise", reference->exercise);
	add_variants_list(
		out, "files", reference->files, reference->file_count);
	add_line(out, "grader", reference->grader);
	add_orders(out, reference);
	buf_adds(out, "\t\"printers\": {");
	add_range(out, &reference->printers);
	buf_adds(out, "},\n");
	add_line(out, "scenario", reference->scenario);
	add_line(out, "schema", REFERENCE_SCHEMA);
	buf_addf(out, "\t\"seed\": \"%" PRIu64 "\",\n", reference->seed);
	add_variants_list(out, "sequences", reference->sequences,
		reference->sequence_count);
	add_solutions(out, reference);
	buf_adds(out, "\n}\n");
}
