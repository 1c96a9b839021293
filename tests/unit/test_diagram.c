/* The diagram of traces that are made by hand. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/diagram/diagram.h"

#define SECOND INT64_C(1000000)

static struct told_trace trace_with(size_t tasks)
{
	struct told_trace trace = {.scenario = xstrdup("s"),
		.hash = xstrdup("h"),
		.tasks = xcalloc(tasks, sizeof(*trace.tasks)),
		.task_count = tasks};

	for (size_t i = 0; i < tasks; i++)
		trace.tasks[i] = (struct told_task){
			.name = i ? xasprintf("child %zu", i) : xstrdup("main"),
			.parent = i ? 0 : -1,
			.process = (int)i,
			.died_us = -1};
	return trace;
}

/* Appends an event of that kind and returns it, to be filled. */
static struct told_event *add(struct told_trace *trace, int64_t time_us,
	int task, enum event_kind kind, const char *object)
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
		.object = object ? xstrdup(object) : NULL,
		.what = {xstrdup("做了"), xstrdup("did")}};
	trace->event_total = ++trace->event_count;
	return event;
}

static void add_other(struct told_trace *trace, int64_t time_us, int task,
	enum event_kind kind, int other, const char *object)
{
	add(trace, time_us, task, kind, object)->other = other;
}

static void name_event(struct finding *finding, uint32_t seq)
{
	finding->events = xreallocarray(finding->events,
		finding->event_count + 1, sizeof(*finding->events));
	finding->events[finding->event_count++] =
		(struct verdict_event){.seq = seq};
}

static void release(struct diagram *diagram, struct told_trace *trace,
	struct finding *finding)
{
	diagram_release(diagram);
	told_trace_release(trace);
	free(finding->events);
}

/* The row of that event; it must have one of its own. */
static size_t row_of(const struct diagram *diagram, size_t event)
{
	for (size_t i = 0; i < diagram->row_count; i++)
		if (diagram->rows[i].kind == DIAGRAM_EVENT &&
			diagram->rows[i].event == event)
			return i;
	cr_assert_fail("event %zu has no row", event);
	return DIAGRAM_NONE;
}

static const struct diagram_arrow *arrow_of(
	const struct diagram *diagram, enum diagram_arrow_kind kind)
{
	for (size_t i = 0; i < diagram->arrow_count; i++)
		if (diagram->arrows[i].kind == kind)
			return &diagram->arrows[i];
	return NULL;
}

static const struct diagram_span *span_of(
	const struct diagram *diagram, enum diagram_state state, size_t lane)
{
	for (size_t i = 0; i < diagram->span_count; i++)
		if (diagram->spans[i].state == state &&
			diagram->spans[i].lane == lane)
			return &diagram->spans[i];
	return NULL;
}

Test(diagram, a_fork_and_its_wait_are_two_lanes_and_two_arrows)
{
	struct told_trace trace = trace_with(2);
	struct finding finding = {0};
	const struct diagram_arrow *arrow;
	const struct diagram_span *span;
	struct diagram diagram;

	add(&trace, 0, 0, EVENT_START, NULL);
	add_other(&trace, 0, 0, EVENT_FORK, 1, NULL);
	add(&trace, 0, 0, EVENT_WAIT, "child");
	add(&trace, 0, 1, EVENT_SLEEP, NULL);
	add(&trace, 2 * SECOND, 1, EVENT_EXIT, NULL);
	add_other(&trace, 2 * SECOND, 0, EVENT_REAP, 1, NULL);
	add(&trace, 2 * SECOND, 0, EVENT_EXIT, NULL);
	diagram_make(&diagram, &trace, &finding);
	cr_assert_eq(diagram.lane_count, 2);
	cr_assert_eq(diagram.lanes[1].parent, 0);
	cr_assert_eq(diagram.lanes[1].born, row_of(&diagram, 1));
	cr_assert_eq(diagram.lanes[1].died, row_of(&diagram, 4));
	arrow = arrow_of(&diagram, DIAGRAM_FORK);
	cr_assert(arrow);
	cr_assert_eq(arrow->to_lane, 1);
	arrow = arrow_of(&diagram, DIAGRAM_END);
	cr_assert(arrow);
	cr_assert_eq(arrow->from_row, row_of(&diagram, 4));
	cr_assert_eq(arrow->to_row, row_of(&diagram, 5));
	span = span_of(&diagram, DIAGRAM_WAITS, 0);
	cr_assert(span);
	cr_assert_eq(span->to, row_of(&diagram, 5));
	cr_assert(span_of(&diagram, DIAGRAM_SLEEPS, 1));
	cr_assert(span_of(&diagram, DIAGRAM_ZOMBIE, 1));
	cr_assert_not(diagram_shows_loss(&diagram));
	release(&diagram, &trace, &finding);
}

Test(diagram, time_that_passes_has_a_row_of_its_own)
{
	struct told_trace trace = trace_with(1);
	struct finding finding = {0};
	struct diagram diagram;
	size_t row;

	add(&trace, 0, 0, EVENT_START, NULL);
	add(&trace, 0, 0, EVENT_SLEEP, NULL);
	add(&trace, 3 * SECOND, 0, EVENT_OUTPUT, "stdout");
	diagram_make(&diagram, &trace, &finding);
	row = row_of(&diagram, 2);
	cr_assert_eq(diagram.row_count, 4);
	cr_assert_eq(diagram.rows[row - 1].kind, DIAGRAM_JUMP);
	cr_assert_eq(diagram.rows[row - 1].jump_us, 3 * SECOND);
	release(&diagram, &trace, &finding);
}

/* Both children read 3, then both write 2, after a third did it right. */
static struct told_trace lost_update(void)
{
	struct told_trace trace = trace_with(4);

	for (int i = 1; i < 4; i++)
		add_other(&trace, 0, 0, EVENT_FORK, i, NULL);
	add(&trace, 0, 3, EVENT_READ, "db");  /* 3 */
	add(&trace, 0, 3, EVENT_WRITE, "db"); /* 4 */
	add(&trace, 0, 1, EVENT_READ, "db");  /* 5 */
	add(&trace, 0, 2, EVENT_READ, "db");  /* 6 */
	add(&trace, 0, 1, EVENT_WRITE, "other");
	add(&trace, 0, 1, EVENT_RENAME, "other")->text = xstrdup("db"); /* 8 */
	add(&trace, 0, 2, EVENT_WRITE, "db");                           /* 9 */
	return trace;
}

Test(diagram, a_lost_update_is_two_reads_and_two_writes)
{
	static char cause[] = "lost-update";
	struct told_trace trace = lost_update();
	struct finding finding = {.cause = cause};
	const struct diagram_arrow *arrow;
	struct diagram diagram;

	diagram_make(&diagram, &trace, &finding);
	cr_assert(diagram_shows_loss(&diagram));
	cr_assert_eq(diagram.step_count, 4);
	cr_assert_eq(diagram.rows[row_of(&diagram, 5)].role, DIAGRAM_READS);
	cr_assert_eq(diagram.rows[row_of(&diagram, 6)].role, DIAGRAM_READS_TOO);
	cr_assert_eq(diagram.rows[row_of(&diagram, 8)].role, DIAGRAM_WRITES);
	cr_assert_eq(
		diagram.rows[row_of(&diagram, 9)].role, DIAGRAM_OVERWRITES);
	cr_assert_eq(diagram.rows[row_of(&diagram, 9)].number, 4);
	arrow = arrow_of(&diagram, DIAGRAM_LOST);
	cr_assert(arrow);
	cr_assert_eq(arrow->from_row, row_of(&diagram, 9));
	cr_assert_eq(arrow->to_row, row_of(&diagram, 8));
	cr_assert(span_of(&diagram, DIAGRAM_UPDATE, 1));
	cr_assert(span_of(&diagram, DIAGRAM_UPDATE, 2));
	cr_assert_null(span_of(&diagram, DIAGRAM_UPDATE, 3));
	release(&diagram, &trace, &finding);
}

Test(diagram, what_is_no_question_of_updates_shows_none)
{
	struct told_trace trace = lost_update();
	struct finding finding = {0};
	struct diagram diagram;

	diagram_make(&diagram, &trace, &finding);
	cr_assert_not(diagram_shows_loss(&diagram));
	cr_assert_eq(diagram.step_count, 0);
	release(&diagram, &trace, &finding);
}

Test(diagram, updates_one_after_the_other_lose_nothing)
{
	static char cause[] = "lost-update";
	struct told_trace trace = trace_with(3);
	struct finding finding = {.cause = cause};
	struct diagram diagram;

	for (int i = 1; i < 3; i++) {
		add(&trace, 0, i, EVENT_READ, "db");
		add(&trace, 0, i, EVENT_WRITE, "db");
	}
	diagram_make(&diagram, &trace, &finding);
	cr_assert_not(diagram_shows_loss(&diagram));
	release(&diagram, &trace, &finding);
}

Test(diagram, places_in_memory_are_told_apart_by_their_offset)
{
	static char rule[] = "never-overlap";
	struct told_trace trace = trace_with(3);
	struct finding finding = {.rule = rule};
	struct diagram diagram;

	for (int step = 0; step < 2; step++)
		for (int i = 1; i < 3; i++) {
			struct told_event *event =
				add(&trace, 0, i, EVENT_ACCESS, "memory:1");

			event->call = xstrdup(step ? "write" : "read");
			event->offset = 8 * i;
		}
	diagram_make(&diagram, &trace, &finding);
	cr_assert_not(diagram_shows_loss(&diagram));
	diagram_release(&diagram);
	for (size_t i = 0; i < trace.event_count; i++)
		trace.events[i].offset = 8;
	diagram_make(&diagram, &trace, &finding);
	cr_assert(diagram_shows_loss(&diagram));
	release(&diagram, &trace, &finding);
}

/* 1 has a and waits for b, 2 has b and waits for a, 3 waits for a. */
static struct told_trace deadlock(void)
{
	struct told_trace trace = trace_with(4);

	add(&trace, 0, 0, EVENT_WAIT, "child");               /* 0 */
	add(&trace, 0, 1, EVENT_LOCK, "a");                   /* 1 */
	add(&trace, 0, 2, EVENT_LOCK, "b");                   /* 2 */
	add_other(&trace, 0, 1, EVENT_LOCK_WAIT, 2, "b");     /* 3 */
	add_other(&trace, 0, 2, EVENT_LOCK_WAIT, 1, "a");     /* 4 */
	add_other(&trace, 0, 3, EVENT_LOCK_WAIT, 1, "a");     /* 5 */
	add_other(&trace, 0, 0, EVENT_DEADLOCK, -1, "child"); /* 6 */
	add_other(&trace, 0, 1, EVENT_DEADLOCK, 2, "b");      /* 7 */
	add_other(&trace, 0, 2, EVENT_DEADLOCK, 1, "a");      /* 8 */
	add_other(&trace, 0, 3, EVENT_DEADLOCK, 1, "a");      /* 9 */
	return trace;
}

Test(diagram, a_deadlock_is_its_circle_and_how_it_came_about)
{
	struct told_trace trace = deadlock();
	struct finding finding = {0};
	size_t circle = 0, waits = 0;
	struct diagram diagram;

	diagram_make(&diagram, &trace, &finding);
	cr_assert(diagram_shows_circle(&diagram));
	for (size_t i = 0; i < diagram.arrow_count; i++) {
		waits += diagram.arrows[i].kind == DIAGRAM_WAITS_FOR;
		circle += diagram.arrows[i].circle;
	}
	cr_assert_eq(waits, 3);
	cr_assert_eq(circle, 2);
	cr_assert_eq(diagram.rows[row_of(&diagram, 1)].role, DIAGRAM_TAKES);
	cr_assert_eq(diagram.rows[row_of(&diagram, 8)].role, DIAGRAM_STUCK);
	cr_assert_eq(diagram.rows[row_of(&diagram, 9)].role, DIAGRAM_EVIDENCE);
	cr_assert_eq(diagram.step_count, 4);
	cr_assert(span_of(&diagram, DIAGRAM_FOR_EVER, 1));
	cr_assert(span_of(&diagram, DIAGRAM_HOLDS, 2));
	release(&diagram, &trace, &finding);
}

Test(diagram, a_pipe_that_many_may_have_open_closes_no_circle)
{
	struct told_trace trace = trace_with(2);
	struct finding finding = {0};
	struct diagram diagram;

	add_other(&trace, 0, 0, EVENT_DEADLOCK, 1, "child");
	add_other(&trace, 0, 1, EVENT_DEADLOCK, 0, "pipe:1");
	diagram_make(&diagram, &trace, &finding);
	cr_assert_not(diagram_shows_circle(&diagram));
	cr_assert_eq(diagram.step_count, 2);
	release(&diagram, &trace, &finding);
}

Test(diagram, items_come_out_in_the_order_in_which_they_went_in)
{
	struct told_trace trace = trace_with(3);
	struct finding finding = {0};
	size_t rows[2] = {0, 0}, count = 0;
	struct diagram diagram;

	add(&trace, 0, 1, EVENT_PUT, "pipe:1")->value = 8;
	add(&trace, 0, 1, EVENT_PUT, "pipe:1")->value = 8;
	add(&trace, 0, 1, EVENT_PUT, "pipe:2")->value = 8;
	add(&trace, 0, 2, EVENT_GET, "pipe:1")->value = 8;
	add(&trace, 0, 2, EVENT_GET, "pipe:1")->value = 8;
	add(&trace, 0, 2, EVENT_GET, "pipe:1")->value = 0;
	diagram_make(&diagram, &trace, &finding);
	for (size_t i = 0; i < diagram.arrow_count; i++)
		if (diagram.arrows[i].kind == DIAGRAM_ITEM)
			rows[count++] = diagram.arrows[i].from_row;
	cr_assert_eq(count, 2);
	cr_assert_eq(rows[0], row_of(&diagram, 0));
	cr_assert_eq(rows[1], row_of(&diagram, 1));
	release(&diagram, &trace, &finding);
}

Test(diagram, an_orphan_lives_on)
{
	struct told_trace trace = trace_with(2);
	struct finding finding = {0};
	struct diagram diagram;

	add_other(&trace, 0, 0, EVENT_FORK, 1, NULL);
	add(&trace, 0, 0, EVENT_EXIT, NULL);
	add_other(&trace, 0, 1, EVENT_ORPHAN, 0, NULL);
	add(&trace, 0, 1, EVENT_LEFT, NULL);
	diagram_make(&diagram, &trace, &finding);
	cr_assert(span_of(&diagram, DIAGRAM_ORPHANED, 1));
	cr_assert_eq(diagram.lanes[1].died, DIAGRAM_NONE);
	release(&diagram, &trace, &finding);
}

/* 25 children buy tickets, 80 events each; two of them clash in the middle. */
static struct told_trace crowd(size_t *first)
{
	struct told_trace trace = trace_with(26);

	for (int i = 1; i < 26; i++)
		add_other(&trace, 0, 0, EVENT_FORK, i, NULL);
	for (int round = 0; round < 79; round++) {
		for (int i = 1; i < 26; i++) {
			char *name = xasprintf("file.%d", i);

			add(&trace, round * SECOND, i, EVENT_WRITE, name);
			free(name);
		}
		if (round != 40)
			continue;
		*first = trace.event_count;
		add(&trace, round * SECOND, 7, EVENT_READ, "db");
		add(&trace, round * SECOND, 21, EVENT_READ, "db");
		add(&trace, round * SECOND, 7, EVENT_WRITE, "db");
		add(&trace, round * SECOND, 21, EVENT_WRITE, "db");
	}
	return trace;
}

Test(diagram, of_26_processes_and_2000_events_the_page_sees_what_matters)
{
	static char cause[] = "lost-update";
	size_t first = 0, shown = 0, folded = 0, others = 0;
	struct told_trace trace = crowd(&first);
	struct finding finding = {.cause = cause};
	struct diagram diagram;

	cr_assert_geq(trace.event_count, 2000);
	diagram_make(&diagram, &trace, &finding);
	cr_assert_leq(diagram.lane_count, DIAGRAM_LANES_MAX + 1);
	for (size_t i = 0; i < diagram.lane_count; i++)
		others +=
			diagram.lanes[i].task < 0 ? diagram.lanes[i].tasks : 1;
	cr_assert_eq(others, 26);
	for (size_t i = 0; i < diagram.row_count; i++) {
		shown += diagram.rows[i].kind == DIAGRAM_EVENT;
		folded += diagram.rows[i].folded;
	}
	cr_assert_leq(shown, DIAGRAM_ROWS_MAX);
	cr_assert_leq(diagram.row_count, 2 * DIAGRAM_ROWS_MAX + 1);
	cr_assert_eq(shown + folded + diagram.dull, trace.event_count);
	for (size_t i = 0; i < 4; i++)
		cr_assert_gt(
			diagram.rows[row_of(&diagram, first + i)].number, 0);
	release(&diagram, &trace, &finding);
}

Test(diagram, evidence_of_an_unmarked_finding_is_numbered_up_to_a_limit)
{
	struct told_trace trace = trace_with(1);
	struct finding finding = {0};
	struct diagram diagram;

	for (uint32_t i = 0; i < 20; i++) {
		add(&trace, 0, 0, EVENT_OUTPUT, "stdout");
		name_event(&finding, i);
	}
	name_event(&finding, 77777); /* not in the trace */
	diagram_make(&diagram, &trace, &finding);
	cr_assert_eq(diagram.step_count, DIAGRAM_STEPS_MAX);
	release(&diagram, &trace, &finding);
}

Test(diagram, a_trace_of_nothing_but_opened_files_has_no_rows)
{
	struct told_trace trace = trace_with(1);
	struct finding finding = {0};
	struct diagram diagram;

	add(&trace, 0, 0, EVENT_OPEN, "a");
	add(&trace, SECOND, 0, EVENT_CLOSE, "a");
	diagram_make(&diagram, &trace, &finding);
	cr_assert_eq(diagram.row_count, 0);
	cr_assert_eq(diagram.dull, 2);
	release(&diagram, &trace, &finding);
}

Test(diagram, an_empty_trace_makes_an_empty_diagram)
{
	struct told_trace trace = trace_with(1);
	struct diagram diagram;
	struct finding finding = {0};

	diagram_make(&diagram, &trace, NULL);
	cr_assert_eq(diagram.row_count, 0);
	cr_assert_eq(diagram.lane_count, 1);
	release(&diagram, &trace, &finding);
}
