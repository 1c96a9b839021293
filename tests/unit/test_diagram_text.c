/* The diagram as text, of traces that are made by hand. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/report/diagram_lanes.h"
#include "grader/report/diagram_text.h"
#include "grader/report/layout.h"
#include "grader/report/terminal.h"

#define SECOND INT64_C(1000000)

static char LOST[] = "lost-update";

/* main and buyers of Chinese names. */
static struct told_trace trace_with(size_t tasks)
{
	struct told_trace trace = {.scenario = xstrdup("s"),
		.hash = xstrdup("h"),
		.tasks = xcalloc(tasks, sizeof(*trace.tasks)),
		.task_count = tasks};

	for (size_t i = 0; i < tasks; i++)
		trace.tasks[i] = (struct told_task){
			.name = i ? xasprintf("路人%zu", i) : xstrdup("main"),
			.parent = i ? 0 : -1,
			.process = (int)i,
			.died_us = -1};
	return trace;
}

static struct told_event *add(struct told_trace *trace, int64_t time_us,
	int task, enum event_kind kind, const char *what)
{
	struct told_event *event;

	trace->events = xreallocarray(
		trace->events, trace->event_count + 1, sizeof(*trace->events));
	event = &trace->events[trace->event_count];
	*event = (struct told_event){.seq = (uint32_t)trace->event_count,
		.time_us = time_us,
		.task = task,
		.kind = kind,
		.other = -1,
		.status = -1,
		.object = xstrdup("db"),
		.what = {xasprintf("（%s）", what), xstrdup(what)},
		.place = xstrdup("票.c:41")};
	trace->event_total = ++trace->event_count;
	return event;
}

/* Forks all, two of whom lose an update, and waits for them. */
static struct told_trace lost_update(size_t tasks, int one, int other)
{
	struct told_trace trace = trace_with(tasks);

	for (size_t i = 1; i < tasks; i++)
		add(&trace, 0, 0, EVENT_FORK, "makes a child")->other = (int)i;
	add(&trace, 0, one, EVENT_READ, "reads 3");
	add(&trace, 0, other, EVENT_READ, "reads 3");
	add(&trace, 0, one, EVENT_SLEEP, "sleeps");
	add(&trace, 2 * SECOND, one, EVENT_WRITE, "writes 2");
	add(&trace, 2 * SECOND, other, EVENT_WRITE, "writes 2");
	add(&trace, 2 * SECOND, one, EVENT_OUTPUT, "prints it");
	add(&trace, 2 * SECOND, one, EVENT_EXIT, "ends");
	add(&trace, 2 * SECOND, 0, EVENT_REAP, "waited")->other = one;
	return trace;
}

/* The text; owned. */
static char *draw(const struct told_trace *trace, const struct finding *finding,
	const struct report_style *style, size_t columns)
{
	struct diagram diagram;
	struct buf out = {0};

	diagram_make(&diagram, trace, finding);
	diagram_text_write(&out, &diagram, style, columns);
	terminal_finish(&out, 0, style);
	diagram_release(&diagram);
	return buf_detach(&out);
}

static void assert_fits(const char *text, size_t columns)
{
	while (*text) {
		size_t length = strcspn(text, "\n");
		auto_free char *line = xstrndup(text, length);

		cr_assert_leq(layout_width(line), columns, "%zu: %s",
			layout_width(line), line);
		cr_assert(!length || line[length - 1] != ' ', "'%s'", line);
		text += length + (text[length] == '\n');
	}
}

/* The line with TEXT in it; owned. */
static char *line_with(const char *text, const char *what)
{
	const char *at = strstr(text, what), *start = at;

	cr_assert(at, "no '%s' in:\n%s", what, text);
	while (start > text && start[-1] != '\n')
		start--;
	return xstrndup(start, strcspn(start, "\n"));
}

/* The column in which SIGN first stands in the line. */
static size_t column_of(const char *line, const char *sign)
{
	const char *at = strstr(line, sign);
	auto_free char *before = NULL;

	cr_assert(at, "no '%s' in '%s'", sign, line);
	before = xstrndup(line, (size_t)(at - line));
	return layout_width(before);
}

Test(diagram_text, a_lost_update_is_two_boxes_and_an_arrow_back)
{
	struct told_trace trace = lost_update(3, 1, 2);
	struct finding finding = {.cause = LOST};
	struct report_style style = {.language = LANGUAGE_EN};
	auto_free char *text = draw(&trace, &finding, &style, 100);
	auto_free char *first = line_with(text, "[1] ");
	auto_free char *second = line_with(text, "[2] ");
	auto_free char *writes = line_with(text, "[3] ");
	auto_free char *over = line_with(text, "[4] ");

	assert_fits(text, 100);
	cr_assert(strstr(first, "┏○┓"), "%s", text);
	cr_assert(strstr(second, "┃│┃"), "%s", text);
	cr_assert(strstr(second, "┏○┓"));
	cr_assert(strstr(writes, "┗●┛"));
	cr_assert(strstr(writes, "2 s"));
	/* the arrow points to the lane of the one who wrote before */
	cr_assert_eq(column_of(over, "◀") - 1, column_of(writes, "●"));
	cr_assert(strstr(over, "━┗●┛"), "%s", over);
	cr_assert(strstr(over, "over what [3] wrote"));
	cr_assert(strstr(first, "路人1 reads 3  票.c:41"));
	cr_assert(strstr(text, "z sleeps"));
	cr_assert_null(strstr(text, "has a lock"));
	told_trace_release(&trace);
}

Test(diagram_text, lanes_stand_below_their_names_and_are_as_straight_in_chinese)
{
	struct told_trace trace = lost_update(3, 1, 2);
	struct finding finding = {.cause = LOST};
	struct report_style style = {.language = LANGUAGE_ZH};
	auto_free char *text = draw(&trace, &finding, &style, 100);
	auto_free char *head = line_with(text, "路人1");
	auto_free char *fork = line_with(text, "┐");
	auto_free char *read = line_with(text, "○");
	auto_free char *passes = line_with(text, "时间过去 2 s");
	size_t x = column_of(fork, "┐");

	cr_assert(strstr(head, "main"));
	cr_assert(strstr(head, "路人2"));
	cr_assert(column_of(head, "路人1") < x);
	cr_assert(column_of(head, "路人1") + 5 > x);
	cr_assert_eq(column_of(read, "○"), x, "%s", text);
	cr_assert_eq(column_of(passes, "z"), x, "%s", text);
	cr_assert(strstr(passes, "╌"));
	told_trace_release(&trace);
}

Test(diagram_text, names_that_are_too_long_stand_below_each_other)
{
	struct told_trace trace = lost_update(6, 1, 2);
	struct finding finding = {.cause = LOST};
	struct report_style style = {.language = LANGUAGE_EN};
	auto_free char *text = NULL, *head = NULL;

	free(trace.tasks[5].name);
	trace.tasks[5].name = xstrdup("a buyer whose name is long");
	text = draw(&trace, &finding, &style, 80);
	head = line_with(text, "a buyer whose name is long");
	assert_fits(text, 80);
	cr_assert_null(strstr(head, "main"), "%s", text);
	cr_assert(strstr(head, "┊     ┊"), "%s", text);
	told_trace_release(&trace);
}

Test(diagram_text, of_26_lanes_those_of_the_finding_are_seen_at_any_width)
{
	struct told_trace trace = lost_update(26, 11, 23);
	struct finding finding = {.cause = LOST};
	struct report_style style = {.language = LANGUAGE_EN};

	for (size_t columns = 40; columns <= 160; columns++) {
		auto_free char *text = draw(&trace, &finding, &style, columns);

		assert_fits(text, columns < DIAGRAM_TEXT_COLUMNS_MIN
					  ? DIAGRAM_TEXT_COLUMNS_MIN
					  : columns);
		cr_assert(strstr(text, "路人11"), "%s", text);
		cr_assert(strstr(text, "路人23"), "%s", text);
		cr_assert(strstr(text, " more"), "%s", text);
		cr_assert(strstr(text, "◀━"), "%s", text);
	}
	told_trace_release(&trace);
}

Test(diagram_text, lanes_without_room_share_one_and_it_is_said)
{
	struct told_trace trace = lost_update(8, 6, 7);
	struct finding finding = {.cause = LOST};
	struct report_style style = {.language = LANGUAGE_EN};
	auto_free char *wide = draw(&trace, &finding, &style, 120);
	auto_free char *narrow = draw(&trace, &finding, &style, 48);

	cr_assert_null(strstr(wide, " more\n"), "%s", wide);
	cr_assert_null(strstr(wide, "too narrow"));
	assert_fits(narrow, 48);
	cr_assert(strstr(narrow, "6 more"), "%s", narrow);
	cr_assert(strstr(narrow, "too narrow"), "%s", narrow);
	cr_assert(strstr(narrow, "main, 路人1"), "%s", narrow);
	told_trace_release(&trace);
}

Test(diagram_text, ascii_is_ascii)
{
	struct told_trace trace = lost_update(4, 1, 2);
	struct finding finding = {.cause = LOST};
	struct report_style style = {
		.language = LANGUAGE_EN, .ascii = true, .colour = true};
	auto_free char *text = NULL;

	for (size_t i = 0; i < trace.task_count; i++) {
		free(trace.tasks[i].name);
		trace.tasks[i].name = xasprintf("child %zu", i);
	}
	for (size_t i = 0; i < trace.event_count; i++) {
		free(trace.events[i].place);
		trace.events[i].place = NULL;
	}
	free(trace.events[4].what.en);
	trace.events[4].what.en = xcalloc(400, 1);
	memset(trace.events[4].what.en, 'x', 399); /* is cut */
	text = draw(&trace, &finding, &style, 60);
	for (const char *at = text; *at; at++)
		cr_assert((unsigned char)*at < 0x80, "%s", at);
	cr_assert(strstr(text, "(o)") || strstr(text, "(\033["), "%s", text);
	told_trace_release(&trace);
}

Test(diagram_text, colours_come_with_the_style_only)
{
	struct told_trace trace = lost_update(3, 1, 2);
	struct finding finding = {.cause = LOST};
	struct report_style style = {.language = LANGUAGE_EN};
	auto_free char *plain = draw(&trace, &finding, &style, 80);
	auto_free char *coloured = NULL;
	struct buf bare = {0};

	cr_assert_null(strchr(plain, '\033'));
	style.colour = true;
	coloured = draw(&trace, &finding, &style, 80);
	cr_assert(strstr(coloured, "\033[31m"));
	for (const char *at = coloured; *at; at++) {
		if (*at == '\033')
			at += strcspn(at, "m");
		else
			buf_addc(&bare, *at);
	}
	cr_assert_str_eq(buf_text(&bare), plain);
	buf_release(&bare);
	told_trace_release(&trace);
}

Test(diagram_text, a_deadlock_shows_who_has_what_and_who_waits_for_whom)
{
	struct told_trace trace = trace_with(3);
	struct finding finding = {0};
	struct report_style style = {.language = LANGUAGE_EN};
	auto_free char *text = NULL, *first = NULL, *second = NULL;

	for (int i = 1; i < 3; i++)
		add(&trace, 0, 0, EVENT_FORK, "makes a child")->other = i;
	for (int i = 1; i < 3; i++) {
		struct told_event *lock =
			add(&trace, 0, i, EVENT_LOCK, "locks");

		free(lock->object);
		lock->object = xasprintf("lock %d", i);
	}
	for (int i = 1; i < 3; i++) {
		struct told_event *wait =
			add(&trace, 0, i, EVENT_LOCK_WAIT, "waits");

		free(wait->object);
		wait->object = xasprintf("lock %d", 3 - i);
		wait->other = 3 - i;
	}
	for (int i = 1; i < 3; i++) {
		struct told_event *stuck =
			add(&trace, 0, i, EVENT_DEADLOCK, "waits for ever");

		free(stuck->object);
		stuck->object = xasprintf("lock %d", 3 - i);
		stuck->other = 3 - i;
	}
	text = draw(&trace, &finding, &style, 90);
	first = line_with(text, "[3]");
	second = line_with(text, "[4]");
	cr_assert(strstr(first, "▐✗━"), "%s", text);
	cr_assert(strstr(first, "━▶╳"), "%s", text);
	cr_assert(strstr(second, "╳◀━"), "%s", text);
	cr_assert(strstr(second, "▐✗"), "%s", text);
	cr_assert(strstr(text, "▐ has a lock"));
	cr_assert(strstr(text, "━▶ waits for that one"));
	told_trace_release(&trace);
}

Test(diagram_text, what_is_folded_is_counted)
{
	struct told_trace trace = lost_update(4, 1, 2);
	struct finding finding = {.cause = LOST};
	struct report_style style = {.language = LANGUAGE_EN};
	auto_free char *text = NULL, *line = NULL;

	for (int i = 0; i < 900; i++)
		add(&trace, (2 + i / 300) * SECOND, 3, EVENT_OUTPUT, "prints");
	add(&trace, 4 * SECOND, 0, EVENT_EXIT, "ends");
	trace.event_total += 7;
	text = draw(&trace, &finding, &style, 100);
	line = line_with(text, "steps of 路人3; time + ");
	cr_assert(strstr(line, "⋮"), "%s", line);
	cr_assert(strstr(text, "7 more small steps are not drawn"), "%s", text);
	told_trace_release(&trace);
}

Test(diagram_text, a_trace_of_nothing_draws_nothing)
{
	struct told_trace trace = trace_with(1);
	struct finding finding = {0};
	struct report_style style = {.language = LANGUAGE_EN};
	struct diagram diagram;
	struct buf out = {0};

	diagram_make(&diagram, &trace, &finding);
	diagram_text_write(&out, &diagram, &style, 80);
	cr_assert_eq(out.length, 0);
	diagram_release(&diagram);
	told_trace_release(&trace);
}
