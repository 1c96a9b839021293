/*
 * How it works: first the events get their roles (marks.c), from which follow
 * the tasks in focus and with them the lanes (lanes.c); then the rows, by what
 * is worth showing (rows.c); then what is drawn from row to row (spans.c,
 * arrows.c).
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/diagram/relations.h"
#include "grader/diagram/work.h"

bool same_text(const char *one, const char *other)
{
	return one && other && !strcmp(one, other);
}

int process_of(const struct work *work, int task)
{
	return relation_process(work->trace, task);
}

size_t lane_of(const struct work *work, int task)
{
	return task < 0 || (size_t)task >= work->trace->task_count
		       ? DIAGRAM_NONE
		       : work->lanes[task];
}

/* The rows in which lanes begin and end; the others' lane is always there. */
static void bound_lanes(struct work *work)
{
	const struct told_trace *trace = work->trace;
	struct diagram *out = work->out;

	for (size_t i = 0; i < out->lane_count; i++) {
		out->lanes[i].born = 0;
		out->lanes[i].died = DIAGRAM_NONE;
	}
	for (size_t i = 0; i < trace->event_count; i++) {
		const struct told_event *event = &trace->events[i];
		size_t made = lane_of(work, event->other);
		size_t own = lane_of(work, event->task);

		if (event->kind == EVENT_FORK && made != DIAGRAM_NONE &&
			out->lanes[made].task >= 0)
			out->lanes[made].born = work->rows[i];
		if (event->kind == EVENT_EXIT && own != DIAGRAM_NONE &&
			out->lanes[own].task >= 0)
			out->lanes[own].died = work->rows[i];
	}
}

static void number_steps(struct work *work)
{
	struct diagram *out = work->out;
	enum diagram_role least =
		work->marked ? DIAGRAM_READS : DIAGRAM_EVIDENCE;

	out->steps = xcalloc(out->row_count + 1, sizeof(*out->steps));
	for (size_t i = 0; i < out->row_count; i++) {
		if (out->rows[i].role < least ||
			(!work->marked && out->step_count >= DIAGRAM_STEPS_MAX))
			continue;
		out->steps[out->step_count++] = i;
		out->rows[i].number = (unsigned)out->step_count;
	}
}

void diagram_make(struct diagram *diagram, const struct told_trace *trace,
	const struct finding *finding)
{
	struct work work = {.trace = trace,
		.finding = finding,
		.out = diagram,
		.roles = xcalloc(trace->event_count + 1, sizeof(*work.roles)),
		.focus = xcalloc(trace->task_count + 1, sizeof(*work.focus)),
		.lanes = xcalloc(trace->task_count + 1, sizeof(*work.lanes)),
		.rows = xcalloc(trace->event_count + 1, sizeof(*work.rows))};

	memset(diagram, 0, sizeof(*diagram));
	diagram->trace = trace;
	diagram_mark(&work);
	diagram_make_lanes(&work);
	diagram_make_rows(&work);
	bound_lanes(&work);
	number_steps(&work);
	diagram_make_spans(&work);
	diagram_make_arrows(&work);
	free(work.roles);
	free(work.focus);
	free(work.lanes);
	free(work.rows);
}

void diagram_release(struct diagram *diagram)
{
	free(diagram->lanes);
	free(diagram->rows);
	free(diagram->spans);
	free(diagram->arrows);
	free(diagram->steps);
	memset(diagram, 0, sizeof(*diagram));
}

bool diagram_shows_loss(const struct diagram *diagram)
{
	for (size_t i = 0; i < diagram->arrow_count; i++)
		if (diagram->arrows[i].kind == DIAGRAM_LOST)
			return true;
	return false;
}

bool diagram_shows_circle(const struct diagram *diagram)
{
	for (size_t i = 0; i < diagram->arrow_count; i++)
		if (diagram->arrows[i].circle)
			return true;
	return false;
}
