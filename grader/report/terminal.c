/*
 * How it works: a table's text column is wrapped by itself first, then its
 * lines are put between the columns beside it.
 */
#include "grader/report/terminal.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/report/layout.h"
#include "grader/shown.h"

#define TIME_WIDTH 10
#define WHO_WIDTH_MAX 16
#define PLACE_WIDTH_MAX 20
#define ERROR_LINES 40
#define WARNING_LINES 14

/* Until terminal_finish() a byte stands for each. */
enum { CODE_FIRST = 1, CODE_END = CODE_FIRST + PAINT_BOLD + 1 };
static const char *const CODES[SHOWN_CODES] = {
	[CODE_FIRST + PAINT_GOOD] = "\033[32m",
	[CODE_FIRST + PAINT_BAD] = "\033[31m",
	[CODE_FIRST + PAINT_ATTENTION] = "\033[33m",
	[CODE_FIRST + PAINT_DIM] = "\033[2m",
	[CODE_FIRST + PAINT_BOLD] = "\033[1m",
	[CODE_END] = "\033[0m",
};

void paint(struct buf *out, const struct report_style *style, enum paint colour,
	const char *text)
{
	if (!style->colour) {
		buf_adds(out, text);
		return;
	}
	buf_addf(out, "%c%s%c", CODE_FIRST + (char)colour, text, CODE_END);
}

void terminal_finish(
	struct buf *out, size_t start, const struct report_style *style)
{
	struct buf shown = {0};

	if (out->length == start)
		return;
	shown_add(&shown, out->data + start, out->length - start,
		style->colour ? CODES : NULL);
	out->length = start;
	buf_add(out, shown.data, shown.length);
	buf_release(&shown);
}

char *one_line(const char *text)
{
	struct buf line = {0};

	for (; *text; text++) {
		if (*text == '\n')
			buf_adds(&line, "↵");
		else
			buf_addc(&line, *text);
	}
	return line.data ? buf_detach(&line) : xstrdup("");
}

void terminal_write_criterion(struct buf *out,
	const struct criterion *criterion, const struct report_style *style)
{
	static const struct {
		const char *mark;
		enum paint colour;
	} marks[] = {
		[VERDICT_PASS] = {"✓", PAINT_GOOD},
		[VERDICT_FAIL] = {"✗", PAINT_BAD},
		[VERDICT_SKIPPED] = {"-", PAINT_DIM},
		[VERDICT_NEEDS_GRADING] = {"?", PAINT_ATTENTION},
		[VERDICT_REFUSED] = {"-", PAINT_DIM},
	};
	bool marked = criterion->mark && criterion->mark->counts;
	bool partly = criterion->state == VERDICT_FAIL && criterion->points > 0;
	struct buf left = {0}, right = {0};

	buf_adds(&left, pick(style, &criterion->title));
	if (marked)
		buf_adds(&left,
			say(style, "（人工评分）", " (marked by a person)"));
	if (criterion->state == VERDICT_SKIPPED)
		buf_adds(&left, say(style, "（前提不成立，未评）",
					" (not judged: its premise failed)"));
	if (criterion->state == VERDICT_NEEDS_GRADING)
		buf_adds(&left,
			say(style, "（等人工评分）", " (waits for a person)"));
	if (criterion->max_points > 0)
		buf_addf(&right, "%s%g / %g",
			criterion->extra && criterion->points > 0 ? "+" : "",
			criterion->points, criterion->max_points);
	buf_adds(out, "  ");
	paint(out, style,
		partly ? PAINT_ATTENTION : marks[criterion->state].colour,
		partly ? "~" : marks[criterion->state].mark);
	buf_addc(out, ' ');
	layout_fit(out, buf_text(&left), style->columns - 16);
	layout_pad_left(out, buf_text(&right), 12);
	buf_addc(out, '\n');
	buf_release(&left);
	buf_release(&right);
}

void terminal_write_log(struct buf *out, const struct verdict_compile *compile,
	const struct report_style *style)
{
	size_t limit = compile->ok ? WARNING_LINES : ERROR_LINES, lines = 0;
	const char *at = compile->log;

	if (!at || !*at)
		return;
	buf_addc(out, '\n');
	paint(out, style, PAINT_BOLD,
		compile->ok ? say(style, "gcc 的警告", "Warnings of gcc")
			    : say(style, "没有编译通过，gcc 说：",
				      "It does not compile; gcc says:"));
	buf_addc(out, '\n');
	while (*at && lines++ < limit) {
		size_t length = strcspn(at, "\n");

		buf_adds(out, length ? "  " : "");
		buf_add(out, at, length);
		buf_addc(out, '\n');
		at += length + (at[length] == '\n');
	}
	if (*at || compile->log_cut)
		buf_adds(out, say(style, "  ……（后面的省略了）\n",
				      "  ... (the rest is left out)\n"));
}

size_t terminal_widest(size_t width, const char *text, size_t most)
{
	size_t own = text ? layout_width(text) : 0;

	if (own > most)
		own = most;
	return own > width ? own : width;
}

struct event_columns {
	size_t who, what, place;
};

static void write_event(struct buf *out, const struct verdict_event *event,
	const struct event_columns *columns, const struct report_style *style)
{
	struct buf wrapped = {0}, time = {0};
	const char *line;
	bool first = true;

	auto_free char *what = one_line(pick(style, &event->what));

	layout_wrap(&wrapped, "", what, columns->what);
	buf_addf(&time, "%.3f s", (double)event->time_us / 1e6);
	for (line = buf_text(&wrapped); *line; first = false) {
		size_t length = strcspn(line, "\n");
		auto_free char *text = xstrndup(line, length);

		buf_adds(out, "    ");
		layout_pad_left(out, first ? buf_text(&time) : "", TIME_WIDTH);
		buf_adds(out, "  ");
		layout_fit(out, first && event->who ? event->who : "",
			columns->who);
		buf_adds(out, "  ");
		if (first && event->place) {
			layout_pad(out, text, columns->what);
			buf_adds(out, "  ");
			paint(out, style, PAINT_DIM, event->place);
		} else {
			buf_adds(out, text);
		}
		buf_addc(out, '\n');
		line += length + 1;
	}
	buf_release(&wrapped);
	buf_release(&time);
}

void terminal_write_events(struct buf *out, const struct finding *finding,
	const struct report_style *style)
{
	struct event_columns columns = {0, 0, 0};
	size_t fixed;

	if (!finding->event_count)
		return;
	for (size_t i = 0; i < finding->event_count; i++) {
		const struct verdict_event *event = &finding->events[i];

		columns.who =
			terminal_widest(columns.who, event->who, WHO_WIDTH_MAX);
		columns.place = terminal_widest(
			columns.place, event->place, PLACE_WIDTH_MAX);
	}
	fixed = 4 + TIME_WIDTH + 2 + columns.who + 2 + columns.place + 2;
	columns.what =
		style->columns > fixed + 20 ? style->columns - fixed : 20;
	buf_addc(out, '\n');
	for (size_t i = 0; i < finding->event_count; i++)
		write_event(out, &finding->events[i], &columns, style);
	buf_addc(out, '\n');
}

/* "./tickets.c:12:5" of the log's first error, owned; NULL if none. */
static char *first_error_place(const char *log)
{
	const char *error = log ? strstr(log, ": error: ") : NULL;
	const char *start = error;

	if (!error)
		return NULL;
	while (start > log && start[-1] != '\n')
		start--;
	if (!strncmp(start, "./", 2))
		start += 2;
	return xstrndup(start, (size_t)(error - start));
}

static void next_after_compile_error(struct buf *out,
	const struct verdict *verdict, const struct report_style *style)
{
	auto_free char *place = first_error_place(verdict->compile.log);

	if (place)
		buf_addf(out,
			say(style,
				"先改第一个错误（%s），"
				"后面的错误常常是它引起的；"
				"然后再检查一次。",
				"mend the first error (%s); those after it are "
				"often its consequences; then check again."),
			place);
	else
		buf_adds(out,
			say(style, "按照上面的信息修改，直到能编译为止。",
				"mend what gcc says above until it compiles."));
}

/* The place of the finding's last event that has one; NULL if none. */
static const char *place_of(const struct finding *finding)
{
	for (size_t i = finding->event_count; i--;) {
		if (finding->events[i].place)
			return finding->events[i].place;
	}
	return NULL;
}

static void next_after_failure(struct buf *out,
	const struct criterion *criterion, const struct report_style *style)
{
	const char *title = pick(style, &criterion->title);
	const char *place = criterion->finding_count
				    ? place_of(&criterion->findings[0])
				    : NULL;

	if (place)
		buf_addf(out,
			say(style, "先解决“%s”：从 %s 看起，改好再检查一次。",
				"begin with \"%s\": look at %s, mend it, and "
				"check again."),
			title, place);
	else
		buf_addf(out,
			say(style, "先解决“%s”，改好再检查一次。",
				"begin with \"%s\", and check again."),
			title);
}

/*
 * The first criterion in that state, but none that a person has marked; NULL if
 * there is none.
 */
static const struct criterion *first_open(
	const struct verdict *verdict, enum verdict_state state, bool extra)
{
	for (size_t i = 0; i < verdict->criterion_count; i++) {
		const struct criterion *criterion = &verdict->criteria[i];

		if (criterion->state == state && criterion->extra == extra &&
			!(criterion->mark && criterion->mark->counts))
			return criterion;
	}
	return NULL;
}

/* A program that hangs or crashes is mended first: the rest may follow. */
static const struct criterion *first_to_mend(const struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->criterion_count; i++) {
		const struct criterion *criterion = &verdict->criteria[i];

		if (criterion->state == VERDICT_FAIL && !criterion->extra &&
			criterion->finding_count &&
			!strcmp(criterion->findings[0].rule, "ends"))
			return criterion;
	}
	return first_open(verdict, VERDICT_FAIL, false);
}

const struct criterion *terminal_lead(const struct verdict *verdict)
{
	const struct criterion *lead = first_to_mend(verdict);

	return lead ? lead : first_open(verdict, VERDICT_FAIL, true);
}

void terminal_next_step(struct buf *out, const struct verdict *verdict,
	const struct report_style *style)
{
	const struct criterion *open;

	if (verdict->state == VERDICT_REFUSED) {
		buf_adds(out, say(style, "按照上面的说明改好以后，再检查一次。",
				      "do as said above, then check again."));
		return;
	}
	if (!verdict->compile.ok) {
		next_after_compile_error(out, verdict, style);
		return;
	}
	open = first_to_mend(verdict);
	if (open) {
		next_after_failure(out, open, style);
		return;
	}
	open = first_open(verdict, VERDICT_NEEDS_GRADING, false);
	if (open) {
		buf_addf(out,
			say(style, "自动评的部分没有问题；“%s”等人工评分。",
				"nothing to mend; \"%s\" waits for a person."),
			pick(style, &open->title));
		return;
	}
	if (verdict->state != VERDICT_PASS) {
		buf_adds(out,
			say(style, "自动评的部分没有问题；请看人工评分。",
				"nothing to mend; see what was marked by a "
				"person."));
		return;
	}
	open = first_open(verdict, VERDICT_FAIL, true);
	if (open)
		buf_addf(out,
			say(style, "满分。还可以试试“%s”。",
				"full marks. You could still try \"%s\"."),
			pick(style, &open->title));
	else
		buf_adds(out, say(style, "满分，可以提交了。",
				      "full marks: hand it in."));
}
