/*
 * The space-time diagram as SVG: lanes at the left, and beside each row the
 * words for its event, so that it can be read like a table.  Colours and
 * patterns are classes that the page's style sheet knows; nothing here
 * depends on them.
 *
 * Sizes are in pixels.  The diagram is as wide as its lanes and words need,
 * and the page lets it be scrolled.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/report/html.h"
#include "grader/report/layout.h"

#define HEAD 46
#define TIME_WIDTH 62
#define EVENT_HEIGHT 26
#define FOLD_HEIGHT 20
#define JUMP_HEIGHT 26
#define WORDS_MAX 84 /* columns */
#define COLUMN 6.9   /* pixels of a column of words */
#define NUMBER_WIDTH 26
#define SPACING_MAX 90

struct drawing {
	struct buf *out;
	const struct page *page;
	const struct diagram *diagram;
	int *y; /* middle of each row */
	int height, spacing, words;
	int64_t time_us; /* the last that was written */
};

static int row_height(enum diagram_row_kind kind)
{
	return kind == DIAGRAM_EVENT  ? EVENT_HEIGHT
	       : kind == DIAGRAM_FOLD ? FOLD_HEIGHT
				      : JUMP_HEIGHT;
}

/* Where a name goes on in a second line: "路人9 (child 10)"; NULL: nowhere. */
static const char *second_line(const char *name)
{
	const char *at = strstr(name, " (");

	return at ? at + 1 : NULL;
}

static size_t head_width(const char *name)
{
	const char *second = second_line(name);
	size_t all = layout_width(name), rest;

	if (!second)
		return all;
	rest = layout_width(second);
	return all - rest - 1 > rest ? all - rest - 1 : rest;
}

static void measure(struct drawing *drawing)
{
	const struct diagram *diagram = drawing->diagram;
	size_t lanes = diagram->lane_count, name = 6;
	int y = HEAD;

	for (size_t i = 0; i < lanes; i++)
		if (diagram->lanes[i].name &&
			head_width(diagram->lanes[i].name) > name)
			name = head_width(diagram->lanes[i].name);
	drawing->spacing = (int)((double)name * COLUMN) + 14;
	if (drawing->spacing > SPACING_MAX)
		drawing->spacing = SPACING_MAX;
	drawing->words = TIME_WIDTH + (int)lanes * drawing->spacing + 10;
	drawing->y = xcalloc(diagram->row_count + 1, sizeof(*drawing->y));
	for (size_t i = 0; i < diagram->row_count; i++) {
		int height = row_height(diagram->rows[i].kind);

		drawing->y[i] = y + height / 2;
		y += height;
	}
	drawing->height = y + 10;
}

static int lane_x(const struct drawing *drawing, size_t lane)
{
	return TIME_WIDTH + (int)lane * drawing->spacing + drawing->spacing / 2;
}

/* TEXT cut to COLUMNS; owned. */
static char *fit(const char *text, size_t columns)
{
	size_t width = layout_width(text);
	struct buf out = {0};

	layout_fit(&out, text, width < columns ? width : columns);
	return buf_detach(&out);
}

static void add_head_line(
	struct drawing *drawing, size_t number, const char *text, int y)
{
	const struct diagram_lane *lane = &drawing->diagram->lanes[number];
	size_t columns = (size_t)((drawing->spacing - 6) / COLUMN);
	auto_free char *shown = fit(text, columns);
	struct buf *out = drawing->out;

	buf_addf(out,
		"<text class=\"head%s\" x=\"%d\" y=\"%d\" "
		"text-anchor=\"middle\">",
		lane->focus ? " focus" : "", lane_x(drawing, number), y);
	html_plain(out, shown);
	if (strcmp(shown, text) != 0) {
		buf_adds(out, "<title>");
		html_plain(out, text);
		buf_adds(out, "</title>");
	}
	buf_adds(out, "</text>\n");
}

static void add_name(struct drawing *drawing, size_t number, const char *name)
{
	const char *second = second_line(name);
	auto_free char *first = NULL;

	if (!second) {
		add_head_line(drawing, number, name, 26);
		return;
	}
	first = xstrndup(name, (size_t)(second - 1 - name));
	add_head_line(drawing, number, first, 16);
	add_head_line(drawing, number, second, 32);
}

static void add_head(struct drawing *drawing, size_t number)
{
	const struct diagram_lane *lane = &drawing->diagram->lanes[number];
	struct buf *out = drawing->out;
	auto_free char *zh = NULL, *en = NULL;

	if (lane->name) {
		add_name(drawing, number, lane->name);
		return;
	}
	zh = xasprintf("其余%zu个", lane->tasks);
	en = xasprintf("%zu more", lane->tasks);
	buf_addf(out,
		"<text class=\"head\" x=\"%d\" y=\"26\" "
		"text-anchor=\"middle\">",
		lane_x(drawing, number));
	svg_both(out, zh, en);
	buf_adds(out, "</text>\n");
}

static void add_life(struct drawing *drawing, size_t number)
{
	const struct diagram_lane *lane = &drawing->diagram->lanes[number];
	int x = lane_x(drawing, number);
	bool made = lane->parent != DIAGRAM_NONE;
	int top = made && lane->task >= 0 && drawing->diagram->row_count
			  ? drawing->y[lane->born]
			  : HEAD - 6;
	int bottom = lane->died == DIAGRAM_NONE ? drawing->height - 4
						: drawing->y[lane->died];

	buf_addf(drawing->out, "<path class=\"%s\" d=\"M%d %dV%d\"/>\n",
		lane->task < 0 ? "life many" : "life", x, top, bottom);
	if (lane->task >= 0 && top > HEAD)
		buf_addf(drawing->out,
			"<path class=\"unborn\" d=\"M%d %dV%d\"/>\n", x,
			HEAD - 6, top);
}

static const char *state_class(enum diagram_state state)
{
	static const char *const names[] = {
		[DIAGRAM_RUNS] = "runs",
		[DIAGRAM_WAITS] = "waits",
		[DIAGRAM_SLEEPS] = "sleeps",
		[DIAGRAM_HOLDS] = "holds",
		[DIAGRAM_UPDATE] = "update",
		[DIAGRAM_ORPHANED] = "orphaned",
		[DIAGRAM_ZOMBIE] = "zombie",
		[DIAGRAM_FOR_EVER] = "ever",
	};

	return names[state];
}

/* Half the width of a span, and how far left of its lane it is: a lock and
 * being an orphan last while other things happen. */
static void span_place(enum diagram_state state, int *half, int *left)
{
	*half = state == DIAGRAM_UPDATE     ? 13
		: state == DIAGRAM_HOLDS    ? 3
		: state == DIAGRAM_ZOMBIE   ? 1
		: state == DIAGRAM_ORPHANED ? 3
					    : 6;
	*left = state == DIAGRAM_HOLDS      ? 12
		: state == DIAGRAM_ORPHANED ? -12
					    : 0;
}

static void add_span(struct drawing *drawing, const struct diagram_span *span)
{
	const struct told_event *event =
		&drawing->diagram->trace->events[span->event];
	int x = lane_x(drawing, span->lane), half, left;
	bool last = span->to + 1 == drawing->diagram->row_count;
	int top = drawing->y[span->from];
	int bottom = last && span->state != DIAGRAM_UPDATE
			     ? drawing->height - 4
			     : drawing->y[span->to];

	span_place(span->state, &half, &left);
	buf_addf(drawing->out,
		"<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" "
		"height=\"%d\"><title>",
		state_class(span->state), x - half - left, top, 2 * half,
		bottom - top);
	html_plain(drawing->out,
		language_pick(&event->what, drawing->page->language));
	buf_adds(drawing->out, "</title></rect>\n");
}

static const char *arrow_class(const struct diagram_arrow *arrow)
{
	switch (arrow->kind) {
	case DIAGRAM_FORK:
		return "arrow fork";
	case DIAGRAM_END:
		return "arrow end";
	case DIAGRAM_SIGNAL:
		return "arrow signal";
	case DIAGRAM_ITEM:
		return "arrow item";
	case DIAGRAM_LOCK:
	case DIAGRAM_WAKE:
		return "arrow lock";
	case DIAGRAM_WAITS_FOR:
		return arrow->circle ? "arrow bad circle" : "arrow bad";
	case DIAGRAM_LOST:
		return "arrow bad loss";
	}
	return "arrow";
}

static const char *arrow_head(const struct diagram_arrow *arrow)
{
	return arrow->kind == DIAGRAM_WAITS_FOR || arrow->kind == DIAGRAM_LOST
		       ? "head-bad"
	       : arrow->kind == DIAGRAM_ITEM || arrow->kind == DIAGRAM_SIGNAL
		       ? "head-item"
	       : arrow->kind == DIAGRAM_LOCK || arrow->kind == DIAGRAM_WAKE
		       ? "head-lock"
		       : "head";
}

static void add_arrow(
	struct drawing *drawing, const struct diagram_arrow *arrow)
{
	int x1 = lane_x(drawing, arrow->from_lane);
	int x2 = lane_x(drawing, arrow->to_lane);
	int y1 = drawing->y[arrow->from_row], y2 = drawing->y[arrow->to_row];
	int way = x2 > x1 ? 1 : -1;

	/* beside the points, not through them */
	x1 += 6 * way;
	x2 -= 8 * way;
	buf_addf(drawing->out,
		"<path class=\"%s\" marker-end=\"url(#%s)\" d=\"M%d %d",
		arrow_class(arrow), arrow_head(arrow), x1, y1);
	if (y1 == y2)
		buf_addf(drawing->out, "H%d\"/>\n", x2);
	else
		buf_addf(drawing->out, "C%d %d %d %d %d %d\"/>\n",
			x1 + 24 * way, y1, x2 - 24 * way, y2, x2, y2);
}

static void add_point_shape(struct buf *out, enum event_kind kind, int x, int y)
{
	switch (kind) {
	case EVENT_OUTPUT:
		buf_addf(out,
			"<rect x=\"%d\" y=\"%d\" width=\"10\" height=\"10\" "
			"rx=\"2\"/>",
			x - 5, y - 5);
		break;
	case EVENT_EXIT:
		buf_addf(out, "<path d=\"M%d %dh18v4h-18z\"/>", x - 9, y - 2);
		break;
	case EVENT_DEADLOCK:
		buf_addf(out,
			"<path class=\"cross\" d=\"M%d %dl10 10m0-10l-10 "
			"10\"/>",
			x - 5, y - 5);
		break;
	case EVENT_SIGNAL_SENT:
	case EVENT_SIGNAL_DELIVERED:
		buf_addf(out, "<path d=\"M%d %dl7 11h-14z\"/>", x, y - 6);
		break;
	case EVENT_PUT:
	case EVENT_GET:
		buf_addf(out, "<path d=\"M%d %dl6 6-6 6-6-6z\"/>", x, y - 6);
		break;
	default:
		buf_addf(out, "<circle cx=\"%d\" cy=\"%d\" r=\"4.5\"/>", x, y);
	}
}

static const char *point_class(
	const struct told_event *event, enum diagram_role role)
{
	if (role != DIAGRAM_PLAIN)
		return event->kind == EVENT_READ ? "point bad hollow"
						 : "point bad";
	switch (event->kind) {
	case EVENT_LOCK:
	case EVENT_UNLOCK:
	case EVENT_ACQUIRE:
	case EVENT_RELEASE:
		return "point lock";
	case EVENT_READ:
	case EVENT_WAIT:
	case EVENT_LOCK_WAIT:
	case EVENT_SLEEP:
		return "point hollow";
	case EVENT_OUTPUT:
		return "point output";
	case EVENT_PUT:
	case EVENT_GET:
	case EVENT_SIGNAL_SENT:
	case EVENT_SIGNAL_DELIVERED:
		return "point item";
	default:
		return "point";
	}
}

/* Who, if there is a name for it. */
static const char *who(const struct diagram *diagram, int task)
{
	return task < 0 || (size_t)task >= diagram->trace->task_count
		       ? NULL
		       : diagram->trace->tasks[task].name;
}

/* When it is another than that of the row above. */
static void add_time(struct drawing *drawing, size_t index)
{
	const struct diagram_row *row = &drawing->diagram->rows[index];

	if (row->kind != DIAGRAM_EVENT || row->time_us == drawing->time_us)
		return;
	drawing->time_us = row->time_us;
	buf_addf(drawing->out, "<text class=\"time\" x=\"%d\" y=\"%d\">",
		TIME_WIDTH - 8, drawing->y[index] + 4);
	html_seconds(drawing->out, row->time_us);
	buf_adds(drawing->out, "</text>\n");
}

/* The words of both languages, each cut where the room ends. */
static void add_words(
	struct drawing *drawing, const struct told_event *event, size_t room)
{
	auto_free char *zh =
		fit(language_pick(&event->what, LANGUAGE_ZH), room);
	auto_free char *en =
		fit(language_pick(&event->what, LANGUAGE_EN), room);

	svg_both(drawing->out, zh, en);
}

static void add_number(struct drawing *drawing, unsigned number, int y)
{
	buf_addf(drawing->out,
		"<circle class=\"number\" cx=\"%d\" cy=\"%d\" r=\"10\"/><text "
		"class=\"number\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">%u"
		"</text>\n",
		drawing->words + 10, y, drawing->words + 10, y + 4, number);
}

static void add_event(struct drawing *drawing, size_t index)
{
	const struct diagram *diagram = drawing->diagram;
	const struct diagram_row *row = &diagram->rows[index];
	const struct told_event *event = &diagram->trace->events[row->event];
	const char *name = who(diagram, event->task);
	size_t place = event->place ? layout_width(event->place) + 2 : 0;
	size_t used = (name ? layout_width(name) + 1 : 7) + place;
	struct buf *out = drawing->out;
	int y = drawing->y[index];

	if (row->number)
		add_number(drawing, row->number, y);
	if (row->lane != DIAGRAM_NONE) {
		buf_addf(
			out, "<g class=\"%s\">", point_class(event, row->role));
		add_point_shape(
			out, event->kind, lane_x(drawing, row->lane), y);
		buf_adds(out, "</g>\n");
	}
	buf_addf(out, "<text class=\"words%s\" x=\"%d\" y=\"%d\">",
		row->role == DIAGRAM_PLAIN ? "" : " bad",
		drawing->words + NUMBER_WIDTH, y + 4);
	if (row->switched)
		buf_adds(out, "<tspan class=\"switch\">⇄ </tspan>");
	buf_adds(out, "<tspan class=\"who\">");
	if (name)
		html_plain(out, name);
	else
		svg_both(out, "评分器", "grader");
	buf_adds(out, "</tspan> ");
	add_words(drawing, event, used < WORDS_MAX ? WORDS_MAX - used : 12);
	if (event->place) {
		buf_adds(out, "  <tspan class=\"place\">");
		html_place(drawing->page, event->place);
		buf_adds(out, "</tspan>");
	}
	buf_adds(out, "</text>\n");
}

/* "⋮ 12 steps of main · 1.0 s pass" */
static void add_fold(struct drawing *drawing, size_t index)
{
	const struct diagram_row *row = &drawing->diagram->rows[index];
	const char *name = who(drawing->diagram, row->task);
	auto_free char *zh_who =
		name ? xstrdup(name) : xasprintf("%zu 个进程", row->tasks);
	auto_free char *en_who =
		name ? xstrdup(name) : xasprintf("%zu processes", row->tasks);
	auto_free char *zh = NULL, *en = NULL;
	struct buf time = {0};

	html_seconds(&time, row->jump_us);
	zh = xasprintf("⋮ %s的 %zu 步%s%s", zh_who, row->folded,
		row->jump_us ? " · 时间过去 " : "",
		row->jump_us ? buf_text(&time) : "");
	en = xasprintf("⋮ %zu step%s of %s%s%s%s", row->folded,
		row->folded == 1 ? "" : "s", en_who, row->jump_us ? " · " : "",
		row->jump_us ? buf_text(&time) : "",
		row->jump_us ? " pass" : "");
	buf_addf(drawing->out, "<text class=\"fold\" x=\"%d\" y=\"%d\">",
		drawing->words + NUMBER_WIDTH, drawing->y[index] + 4);
	svg_both(drawing->out, zh, en);
	buf_adds(drawing->out, "</text>\n");
	if (row->jump_us)
		buf_addf(drawing->out,
			"<path class=\"jump\" d=\"M%d %dH%d\"/>\n",
			TIME_WIDTH - 8, drawing->y[index], drawing->words);
	buf_release(&time);
}

static void add_jump(struct drawing *drawing, size_t index)
{
	const struct diagram_row *row = &drawing->diagram->rows[index];
	auto_free char *zh = NULL, *en = NULL;
	struct buf time = {0};
	int y = drawing->y[index];

	html_seconds(&time, row->jump_us);
	zh = xasprintf("时间过去 %s", buf_text(&time));
	en = xasprintf("%s pass", buf_text(&time));
	buf_addf(drawing->out,
		"<path class=\"jump\" d=\"M%d %dH%d\"/>"
		"<text class=\"fold\" x=\"%d\" y=\"%d\">",
		TIME_WIDTH - 8, y, drawing->words,
		drawing->words + NUMBER_WIDTH, y + 4);
	svg_both(drawing->out, zh, en);
	buf_adds(drawing->out, "</text>\n");
	buf_release(&time);
}

static void add_rows(struct drawing *drawing)
{
	const struct diagram *diagram = drawing->diagram;

	for (size_t i = 0; i < diagram->row_count; i++) {
		if (diagram->rows[i].kind == DIAGRAM_JUMP) {
			add_jump(drawing, i);
			continue;
		}
		add_time(drawing, i);
		if (diagram->rows[i].kind == DIAGRAM_FOLD)
			add_fold(drawing, i);
		else
			add_event(drawing, i);
	}
}

/* Stripes behind the key steps. */
static void add_stripes(struct drawing *drawing)
{
	const struct diagram *diagram = drawing->diagram;

	for (size_t i = 0; i < diagram->step_count; i++)
		buf_addf(drawing->out,
			"<rect class=\"stripe\" x=\"0\" y=\"%d\" "
			"width=\"100%%\" height=\"%d\"/>\n",
			drawing->y[diagram->steps[i]] - EVENT_HEIGHT / 2,
			EVENT_HEIGHT);
}

void svg_write(const struct page *page, const struct diagram *diagram,
	const char *caption)
{
	struct drawing drawing = {.out = page->out,
		.page = page,
		.diagram = diagram,
		.time_us = -1};
	struct buf *out = page->out;
	int width;

	measure(&drawing);
	width = drawing.words + NUMBER_WIDTH + (int)(WORDS_MAX * COLUMN);
	buf_addf(out,
		"<svg class=\"diagram\" width=\"%d\" height=\"%d\" "
		"viewBox=\"0 0 %d %d\" role=\"group\" "
		"aria-labelledby=\"%s\">\n",
		width, drawing.height, width, drawing.height, caption);
	add_stripes(&drawing);
	for (size_t i = 0; i < diagram->lane_count; i++) {
		add_head(&drawing, i);
		add_life(&drawing, i);
	}
	for (size_t i = 0; i < diagram->span_count; i++)
		add_span(&drawing, &diagram->spans[i]);
	for (size_t i = 0; i < diagram->arrow_count; i++)
		add_arrow(&drawing, &diagram->arrows[i]);
	add_rows(&drawing);
	buf_adds(out, "</svg>\n");
	free(drawing.y);
}
