/*
 * A run against the reference of its scenario.  Every sentence says what was
 * seen here and what all references had, and leaves the judgement to the
 * reader.
 *
 * An order counts as kept only when happens-before orders the pair: that two
 * lines came out in the right order once is luck unless something forces it.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/reference.h"
#include "grader/rules/lines.h"
#include "trace/happens_before.h"

/* Virtual durations are exact to this. */
#define TOLERANCE_US 100000

/* Takes the texts. */
static struct deviation *add(struct deviations *deviations,
	enum deviation_kind kind, char *zh, char *en)
{
	struct deviation *deviation;

	grow_array(&deviations->items, deviations->count, &deviations->capacity,
		sizeof(*deviations->items));
	deviation = &deviations->items[deviations->count++];
	memset(deviation, 0, sizeof(*deviation));
	deviation->kind = kind;
	deviation->text.zh = zh;
	deviation->text.en = en;
	return deviation;
}

void deviations_release(struct deviations *deviations)
{
	size_t i;

	for (i = 0; i < deviations->count; i++) {
		free(deviations->items[i].text.zh);
		free(deviations->items[i].text.en);
	}
	free(deviations->items);
	memset(deviations, 0, sizeof(*deviations));
}

static bool is_in(const struct reference_range *range, int64_t value)
{
	return value >= range->min && value <= range->max;
}

/* "3", or "3 to 5"; owned. */
static char *show_range(const struct reference_range *range, const char *to)
{
	if (range->min == range->max)
		return xasprintf("%" PRId64, range->min);
	return xasprintf("%" PRId64 "%s%" PRId64, range->min, to, range->max);
}

static void compare_counts(const struct reference *reference,
	const struct observed_run *run, struct deviations *deviations)
{
	const struct reference_count *count;
	int64_t seen;
	size_t i, j;

	for (i = 0; i < reference->count_count; i++) {
		count = &reference->counts[i];
		seen = 0;
		for (j = 0; j < run->observation_count; j++)
			seen += !strcmp(run->observations[j].kind, count->kind);
		if (is_in(&count->range, seen))
			continue;
		auto_free char *zh = show_range(&count->range, " 到 ");
		auto_free char *en = show_range(&count->range, " to ");
		const char *label = line_label(run, count->kind);

		add(deviations, DEVIATION_COUNT,
			xasprintf("「%s」出现了 %" PRId64
				  " 次，参考解法里是 %s 次",
				label, seen, zh),
			xasprintf("'%s' was seen %" PRId64
				  " times; in the references it is %s",
				label, seen, en));
	}
}

static void compare_printers(const struct reference *reference,
	const struct observed_run *run, struct deviations *deviations)
{
	int64_t seen = reference_printers(run);

	if (is_in(&reference->printers, seen))
		return;
	auto_free char *zh = show_range(&reference->printers, " 到 ");
	auto_free char *en = show_range(&reference->printers, " to ");

	add(deviations, DEVIATION_PRINTERS,
		xasprintf("有 %" PRId64
			  " 个进程输出了规定的行，参考解法里是 %s 个",
			seen, zh),
		xasprintf("%" PRId64 " processes printed the lines asked for; "
			  "in the references it is %s",
			seen, en));
}

static void compare_duration(const struct reference *reference,
	const struct observed_run *run, struct deviations *deviations)
{
	const struct reference_range *range = &reference->duration_us;
	int64_t seen = reference_duration(run);

	if (seen >= range->min - TOLERANCE_US &&
		seen <= range->max + TOLERANCE_US)
		return;
	add(deviations, DEVIATION_DURATION,
		xasprintf("虚拟时间共 %.1f 秒，参考解法里是 %.1f 到 %.1f 秒",
			rule_seconds(seen), rule_seconds(range->min),
			rule_seconds(range->max)),
		xasprintf("it took %.1f s of virtual time; the references "
			  "take %.1f to %.1f s",
			rule_seconds(seen), rule_seconds(range->min),
			rule_seconds(range->max)));
}

static bool has_variant(
	const struct reference_variants *variants, const char *text)
{
	size_t i;

	for (i = 0; i < variants->count; i++)
		if (!strcmp(variants->texts[i], text))
			return true;
	return variants->varies;
}

static char *join_variants(
	const struct reference_variants *variants, const char * or)
{
	struct buf text = {0};
	size_t i;

	for (i = 0; i < variants->count; i++)
		buf_addf(&text, "%s%s", i ? or : "", variants->texts[i]);
	return buf_detach(&text);
}

static void compare_end(const struct reference *reference,
	const struct observed_run *run, struct deviations *deviations)
{
	auto_free char *end = reference_end(run);

	if (has_variant(&reference->end, end))
		return;
	auto_free char *zh = join_variants(&reference->end, " 或 ");
	auto_free char *en = join_variants(&reference->end, " or ");

	add(deviations, DEVIATION_END,
		xasprintf("主进程的结束方式是 %s，参考解法里是 %s", end, zh),
		xasprintf("main ended by '%s'; in the references by '%s'", end,
			en));
}

static void compare_files(const struct reference *reference,
	const struct observed_run *run, struct deviations *deviations)
{
	const struct reference_variants *file;
	size_t i;

	for (i = 0; i < reference->file_count; i++) {
		file = &reference->files[i];
		auto_free char *found = reference_file(run, file->name);
		const char *content = found ? found : "(no such file)";

		if (has_variant(file, content))
			continue;
		auto_free char *zh = join_variants(file, " 或 ");
		auto_free char *en = join_variants(file, " or ");

		add(deviations, DEVIATION_FILE,
			xasprintf("结束时 %s 的内容是 %s，参考解法里是 %s",
				file->name, content, zh),
			xasprintf("at the end %s holds %s; in the references "
				  "it holds %s",
				file->name, content, en));
	}
}

static void compare_sequence(const struct reference *reference,
	const struct observed_run *run, size_t first,
	struct deviations *deviations)
{
	const struct observation *seen = &run->observations[first];
	auto_free char *group = reference_group(seen->subject);
	auto_free char *text = reference_sequence(run, first);
	struct deviation *deviation;
	size_t i;

	for (i = 0; i < reference->sequence_count; i++)
		if (!strcmp(reference->sequences[i].name, group))
			break;
	if (i == reference->sequence_count ||
		has_variant(&reference->sequences[i], text))
		return;
	auto_free char *zh = join_variants(&reference->sequences[i], " / ");

	deviation = add(deviations, DEVIATION_SEQUENCE,
		xasprintf("%s 的输出依次是：%s；参考解法里只有：%s",
			observed_name(run, seen->task), text, zh),
		xasprintf("the lines of %s are, in order: %s; the references "
			  "have only: %s",
			observed_name(run, seen->task), text, zh));
	deviation->events[0] = seen->event;
	deviation->event_count = 1;
}

struct order_check {
	const struct reference_order *order;
	const struct observed_run *run;
	const struct happens_before *clocks;
	/* with synchronisation that a trace does not show, where there may be
	 * some */
	const struct happens_before *assumed;
	char **labels;
	size_t count; /* observations that are looked at */
};

static bool takes_part(
	const struct order_check *check, size_t i, const char *name)
{
	if (check->order->scope == REFERENCE_ONE)
		return !strcmp(check->labels[i], name);
	return !strcmp(check->run->observations[i].kind, name);
}

static bool is_pair(const struct order_check *check, size_t i, size_t j)
{
	const struct observation *seen = check->run->observations;

	if (i == j || !takes_part(check, i, check->order->first) ||
		!takes_part(check, j, check->order->second))
		return false;
	return check->order->scope != REFERENCE_SAME ||
	       (*seen[i].subject && !strcmp(seen[i].subject, seen[j].subject));
}

/* Finds the first pair that breaks the order. */
static bool find_breach(
	const struct order_check *check, size_t *first, size_t *second)
{
	const struct observation *seen = check->run->observations;
	bool is_broken;
	size_t i, j;

	for (i = 0; i < check->count; i++)
		for (j = 0; j < check->count; j++) {
			if (!is_pair(check, i, j))
				continue;
			is_broken = !check->run->outcome->looked &&
				    happens_concurrently(check->assumed,
					    seen[i].event, seen[j].event);
			if (check->order->relation == REFERENCE_MUST_PRECEDE)
				is_broken |= happens_before(check->clocks,
					seen[j].event, seen[i].event);
			if (is_broken) {
				*first = i;
				*second = j;
				return true;
			}
		}
	return false;
}

static void report_breach(const struct order_check *check,
	const struct observation *first, const struct observation *second,
	struct deviations *deviations)
{
	const struct observed_run *run = check->run;
	const char *who = observed_name(run, first->task);
	const char *other = observed_name(run, second->task);
	const char *label = line_label(run, first->kind);
	const char *other_label = line_label(run, second->kind);
	bool is_reversed =
		happens_before(check->clocks, second->event, first->event);
	const char *zh, *en;
	struct deviation *deviation;

	if (is_reversed) {
		zh = "前者发生在后者之后，参考解法里总是先于后者";
		en = "the first comes after the second; in the references it "
		     "always comes before";
	} else if (check->order->relation == REFERENCE_MUST_PRECEDE) {
		zh = "两者之间没有看到同步，先后可能靠运气；参考解法里前者总是"
		     "先于后者";
		en = "no synchronisation was seen between the two, so their "
		     "order may be luck; in the references the first always "
		     "comes before the second";
	} else {
		zh = "两者之间没有看到同步，可能同时进行；参考解法里总是一先"
		     "一后";
		en = "no synchronisation was seen between the two, so they "
		     "may happen at once; in the references they never do";
	}
	deviation = add(deviations,
		is_reversed ? DEVIATION_REVERSED : DEVIATION_CONCURRENT,
		xasprintf("%s 的「%s」与 %s 的「%s」：%s", who, label, other,
			other_label, zh),
		xasprintf("'%s' of %s and '%s' of %s: %s", label, who,
			other_label, other, en));
	deviation->events[0] = first->event;
	deviation->events[1] = second->event;
	deviation->event_count = 2;
}

static void compare_orders(const struct reference *reference,
	const struct observed_run *run, struct deviations *deviations)
{
	struct happens_before *clocks =
		happens_before_new(run->trace, HAPPENS_FILES_IGNORED);
	struct happens_before *assumed = happens_before_assumed(run->trace);
	struct order_check check = {
		.run = run,
		.clocks = clocks,
		.assumed = assumed,
		.labels = reference_labels(run),
		.count = run->observation_count,
	};
	size_t i, first = 0, second = 0;

	for (i = 0; i < reference->order_count; i++) {
		check.order = &reference->orders[i];
		if (check.order->relation != REFERENCE_MAY_OVERLAP &&
			find_breach(&check, &first, &second))
			report_breach(&check, &run->observations[first],
				&run->observations[second], deviations);
	}
	reference_free_labels(check.labels, run);
	happens_before_free(clocks);
	happens_before_free(assumed);
}

void reference_compare(const struct reference *reference,
	const struct observed_run *run, struct deviations *deviations)
{
	size_t i;

	compare_counts(reference, run, deviations);
	compare_duration(reference, run, deviations);
	compare_end(reference, run, deviations);
	compare_files(reference, run, deviations);
	/* beyond this the counts are wrong in any case, and say enough */
	if (run->observation_count > REFERENCE_OBSERVATIONS_MAX)
		return;
	compare_printers(reference, run, deviations);
	for (i = 0; i < run->observation_count; i++)
		if (reference_begins_sequence(run, i))
			compare_sequence(reference, run, i, deviations);
	compare_orders(reference, run, deviations);
}
