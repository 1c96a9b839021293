/*
 * How it works: the lanes of a line are cells, into which the states of the
 * lanes are put first, then the arrows that arrive in the row, then the point
 * of its event.  An arrow is drawn in the later of its two rows: where it
 * arrives is where something changes.  The words beside a row may take more
 * lines than one; the lanes go on beside them.
 */
#include "grader/report/diagram_text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/report/diagram_glyphs.h"
#include "grader/report/diagram_words.h"
#include "grader/report/layout.h"

#define NUMBER_WIDTH 5 /* "[12] " */
#define TIME_WIDTH_MAX 13
#define WORDS_GOOD 46
#define WORDS_LEAST 24
#define LINES_MAX 3  /* of the words of a row */
#define FOLD_LEAST 5 /* shorter folds in which no time passes have no line */
#define PLAIN (-1)   /* no paint */

struct cell {
	enum glyph glyph;
	int paint; /* enum paint or PLAIN */
};

struct drawing {
	struct buf *out;
	const struct diagram *diagram;
	const struct report_style *style;
	struct text_lanes lanes;
	struct cell *cells;
	size_t time_width, words;
	int64_t time_us; /* the last that was written */
	size_t left_out; /* steps of folds without a line */
};

static void put(struct drawing *drawing, size_t x, enum glyph glyph, int colour)
{
	if (x < drawing->lanes.width)
		drawing->cells[x] = (struct cell){glyph, colour};
}

static size_t lane_x(const struct drawing *drawing, size_t lane)
{
	return text_lanes_x(&drawing->lanes, drawing->lanes.column[lane]);
}

/* Is the lane there in the row, or in the lines BELOW it? */
static bool is_alive(
	const struct drawing *drawing, size_t lane, size_t row, bool below)
{
	const struct diagram_lane *one = &drawing->diagram->lanes[lane];

	if (one->parent != DIAGRAM_NONE && row < one->born)
		return false;
	return one->died == DIAGRAM_NONE || row < one->died ||
	       (row == one->died && !below);
}

static void put_lives(struct drawing *drawing, size_t row, bool below)
{
	const struct text_lanes *lanes = &drawing->lanes;

	for (size_t i = 0; i < lanes->count; i++)
		if (lanes->lane[i] == DIAGRAM_NONE)
			put(drawing, text_lanes_x(lanes, i), GLYPH_LIFE,
				PAINT_DIM);
		else if (is_alive(drawing, lanes->lane[i], row, below))
			put(drawing, text_lanes_x(lanes, i), GLYPH_LIFE, PLAIN);
}

/* The sides of a lane between the read and the write of an update. */
static void put_box(struct drawing *drawing, const struct diagram_span *span,
	size_t row, bool below)
{
	size_t x = lane_x(drawing, span->lane);
	bool top = row == span->from && !below, end = row == span->to;

	put(drawing, x - 1,
		top   ? GLYPH_BOX_TOP_LEFT
		: end ? GLYPH_BOX_END_LEFT
		      : GLYPH_BOX_SIDE_LEFT,
		PAINT_BAD);
	put(drawing, x + 1,
		top   ? GLYPH_BOX_TOP_RIGHT
		: end ? GLYPH_BOX_END_RIGHT
		      : GLYPH_BOX_SIDE_RIGHT,
		PAINT_BAD);
}

static void put_span(struct drawing *drawing, const struct diagram_span *span,
	size_t row, bool below)
{
	size_t x = lane_x(drawing, span->lane);

	switch (span->state) {
	case DIAGRAM_RUNS:
		break;
	case DIAGRAM_WAITS:
		put(drawing, x, GLYPH_WAITS, PLAIN);
		break;
	case DIAGRAM_SLEEPS:
		put(drawing, x, GLYPH_SLEEPS, PAINT_DIM);
		break;
	case DIAGRAM_FOR_EVER:
		put(drawing, x, GLYPH_EVER, PAINT_BAD);
		break;
	case DIAGRAM_ZOMBIE:
		put(drawing, x, GLYPH_ZOMBIE, PAINT_ATTENTION);
		break;
	case DIAGRAM_HOLDS:
		put(drawing, x - 1, GLYPH_HOLDS, PAINT_ATTENTION);
		break;
	case DIAGRAM_ORPHANED:
		put(drawing, x + 1, GLYPH_ORPHAN, PAINT_BAD);
		break;
	case DIAGRAM_UPDATE:
		put_box(drawing, span, row, below);
		break;
	}
}

/* A wait that is for ever lasts to the end, others up to what ends them. */
static void put_spans(struct drawing *drawing, size_t row, bool below)
{
	const struct diagram *diagram = drawing->diagram;

	for (size_t i = 0; i < diagram->span_count; i++) {
		const struct diagram_span *span = &diagram->spans[i];
		bool last = row == span->to &&
			    ((span->state == DIAGRAM_UPDATE && !below) ||
				    diagram->rows[row].kind != DIAGRAM_EVENT ||
				    row + 1 == diagram->row_count);

		if (text_lanes_own(&drawing->lanes, span->lane) &&
			row >= span->from && (row < span->to || last))
			put_span(drawing, span, row, below);
	}
}

static enum glyph arrow_line(enum diagram_arrow_kind kind)
{
	switch (kind) {
	case DIAGRAM_FORK:
	case DIAGRAM_END:
		return GLYPH_LINE;
	case DIAGRAM_SIGNAL:
	case DIAGRAM_ITEM:
	case DIAGRAM_LOCK:
	case DIAGRAM_WAKE:
		return GLYPH_LINE_ITEM;
	case DIAGRAM_WAITS_FOR:
	case DIAGRAM_LOST:
		break;
	}
	return GLYPH_LINE_BAD;
}

static int arrow_paint(enum diagram_arrow_kind kind)
{
	enum glyph line = arrow_line(kind);

	return line == GLYPH_LINE_BAD    ? (int)PAINT_BAD
	       : line == GLYPH_LINE_ITEM ? (int)PAINT_GOOD
					 : PLAIN;
}

static void put_arrow(
	struct drawing *drawing, const struct diagram_arrow *arrow)
{
	size_t from = lane_x(drawing, arrow->from_lane);
	size_t to = lane_x(drawing, arrow->to_lane);
	size_t low = from < to ? from : to, high = from < to ? to : from;
	int colour = arrow_paint(arrow->kind);

	if (from == to)
		return;
	for (size_t x = low + 1; x < high; x++) {
		bool lane = (x - text_lanes_x(&drawing->lanes, 0)) %
				    drawing->lanes.spacing ==
			    0;

		/* a lane is crossed; what stands beside one stays */
		if (drawing->cells[x].glyph == GLYPH_NONE)
			put(drawing, x, arrow_line(arrow->kind), colour);
		else if (lane)
			put(drawing, x, GLYPH_CROSSING, colour);
	}
	if (drawing->cells[from].glyph == GLYPH_NONE)
		put(drawing, from, arrow_line(arrow->kind), colour);
	put(drawing, from < to ? to - 1 : to + 1,
		from < to ? GLYPH_HEAD_RIGHT : GLYPH_HEAD_LEFT, colour);
	if (arrow->kind == DIAGRAM_LOST)
		put(drawing, to, GLYPH_STUCK, colour);
	if (arrow->kind == DIAGRAM_FORK &&
		text_lanes_own(&drawing->lanes, arrow->to_lane))
		put(drawing, to, from < to ? GLYPH_BORN_RIGHT : GLYPH_BORN_LEFT,
			PLAIN);
}

static void put_arrows(struct drawing *drawing, size_t row)
{
	const struct diagram *diagram = drawing->diagram;

	for (size_t i = 0; i < diagram->arrow_count; i++) {
		const struct diagram_arrow *arrow = &diagram->arrows[i];
		size_t later = arrow->from_row > arrow->to_row ? arrow->from_row
							       : arrow->to_row;

		if (later == row)
			put_arrow(drawing, arrow);
	}
}

static int point_paint(enum event_kind kind, enum diagram_role role)
{
	if (role != DIAGRAM_PLAIN)
		return PAINT_BAD;
	switch (kind) {
	case EVENT_LOCK:
	case EVENT_UNLOCK:
	case EVENT_ACQUIRE:
	case EVENT_RELEASE:
		return PAINT_ATTENTION;
	case EVENT_PUT:
	case EVENT_GET:
	case EVENT_SIGNAL_SENT:
	case EVENT_SIGNAL_DELIVERED:
		return PAINT_GOOD;
	default:
		return PLAIN;
	}
}

/* The lanes of the row's first line, or of those BELOW. */
static void put_row(struct drawing *drawing, size_t index, bool below)
{
	const struct diagram_row *row = &drawing->diagram->rows[index];

	for (size_t x = 0; x < drawing->lanes.width; x++)
		put(drawing, x, GLYPH_NONE, PLAIN);
	put_lives(drawing, index, below);
	put_spans(drawing, index, below);
	if (below)
		return;
	if (row->kind == DIAGRAM_FOLD) {
		for (size_t i = 0; i < drawing->lanes.count; i++) {
			size_t x = text_lanes_x(&drawing->lanes, i);

			if (drawing->cells[x].glyph == GLYPH_LIFE)
				put(drawing, x, GLYPH_FOLD, PAINT_DIM);
		}
	} else if (row->kind == DIAGRAM_JUMP) {
		for (size_t x = 0; x < drawing->lanes.width; x++)
			if (drawing->cells[x].glyph == GLYPH_NONE)
				put(drawing, x, GLYPH_PASS, PAINT_DIM);
	} else {
		enum event_kind kind =
			drawing->diagram->trace->events[row->event].kind;

		put_arrows(drawing, index);
		if (row->lane != DIAGRAM_NONE)
			put(drawing, lane_x(drawing, row->lane),
				glyph_of_event(kind),
				point_paint(kind, row->role));
	}
}

/* The cells, those of one colour painted together. */
static void add_cells(struct drawing *drawing, size_t width)
{
	for (size_t x = 0; x < width;) {
		struct buf run = {0};
		int colour = drawing->cells[x].paint;

		for (; x < width && drawing->cells[x].paint == colour; x++)
			buf_adds(&run, glyph_text(drawing->cells[x].glyph,
					       drawing->style));
		if (colour == PLAIN)
			buf_adds(drawing->out, buf_text(&run));
		else
			paint(drawing->out, drawing->style, (enum paint)colour,
				buf_text(&run));
		buf_release(&run);
	}
}

/* Up to the last cell that shows something, when nothing follows. */
static size_t used_width(const struct drawing *drawing)
{
	size_t width = drawing->lanes.width;

	while (width && drawing->cells[width - 1].glyph == GLYPH_NONE)
		width--;
	return width;
}

/* Number and time, on the first line of a row. */
static void add_margin(struct drawing *drawing, size_t index, bool below)
{
	const struct diagram_row *row = &drawing->diagram->rows[index];
	struct buf number = {0}, time = {0};

	if (!below && row->number)
		buf_addf(&number, "[%u]", row->number);
	if (!below && row->kind == DIAGRAM_EVENT &&
		row->time_us != drawing->time_us) {
		words_add_seconds(&time, row->time_us);
		drawing->time_us = row->time_us;
	}
	paint(drawing->out, drawing->style, PAINT_BAD, buf_text(&number));
	layout_pad(drawing->out, "",
		number.length < NUMBER_WIDTH ? NUMBER_WIDTH - number.length
					     : 0);
	layout_pad(drawing->out, "",
		time.length < drawing->time_width
			? drawing->time_width - time.length
			: 0);
	layout_fit(drawing->out, buf_text(&time),
		time.length < drawing->time_width ? time.length
						  : drawing->time_width);
	buf_adds(drawing->out, "  ");
	buf_release(&number);
	buf_release(&time);
}

static void add_words(struct drawing *drawing, const struct diagram_row *row,
	const char *text)
{
	if (row->role != DIAGRAM_PLAIN)
		paint(drawing->out, drawing->style, PAINT_BAD, text);
	else if (row->kind != DIAGRAM_EVENT)
		paint(drawing->out, drawing->style, PAINT_DIM, text);
	else
		buf_adds(drawing->out, text);
}

/* LINE of the words, cut where the room ends; MORE: there are others. */
static char *fit_line(const struct drawing *drawing, const char *line,
	size_t length, bool more)
{
	auto_free char *text = more ? xasprintf("%.*s…", (int)length, line)
				    : xstrndup(line, length);
	struct buf fitted = {0};
	size_t end;
	char *result;

	layout_fit(&fitted, text, drawing->words);
	glyphs_simplify(&fitted, 0, drawing->style);
	for (end = fitted.length; end && fitted.data[end - 1] == ' '; end--)
		;
	result = xstrndup(buf_text(&fitted), end);
	buf_release(&fitted);
	return result;
}

static void add_row(struct drawing *drawing, size_t index)
{
	const struct diagram *diagram = drawing->diagram;
	const struct diagram_row *row = &diagram->rows[index];
	struct buf words = {0}, lines = {0};
	const char *line;
	size_t count = 0;

	if (row->kind == DIAGRAM_FOLD && !row->jump_us &&
		row->folded < FOLD_LEAST) {
		drawing->left_out += row->folded;
		return;
	}
	words_of_row(&words, diagram, index, drawing->style, drawing->words);
	layout_wrap(&lines, "", buf_text(&words), drawing->words);
	for (line = buf_text(&lines); *line && count < LINES_MAX; count++) {
		size_t length = strcspn(line, "\n");
		bool more = count + 1 == LINES_MAX && line[length] &&
			    line[length + 1];
		auto_free char *text = fit_line(drawing, line, length, more);

		add_margin(drawing, index, count > 0);
		put_row(drawing, index, count > 0);
		add_cells(drawing, drawing->lanes.width);
		buf_adds(drawing->out, " ");
		add_words(drawing, row, text);
		buf_addc(drawing->out, '\n');
		line += length + (line[length] == '\n');
	}
	buf_release(&words);
	buf_release(&lines);
}

/* The name over a column; owned. */
static char *column_name(const struct drawing *drawing, size_t column)
{
	const struct text_lanes *lanes = &drawing->lanes;
	size_t lane = lanes->lane[column];
	const char *name;

	if (lane == DIAGRAM_NONE)
		return xasprintf(say(drawing->style, "其余%zu个", "%zu more"),
			lanes->others);
	name = drawing->diagram->lanes[lane].name;
	return one_line(name ? name : "?");
}

static void add_blanks(struct buf *out, size_t count)
{
	layout_pad(out, "", count);
}

static void add_flat_head(struct drawing *drawing)
{
	size_t spacing = drawing->lanes.spacing;

	add_blanks(drawing->out, NUMBER_WIDTH + drawing->time_width + 2);
	for (size_t i = 0; i < drawing->lanes.count; i++) {
		auto_free char *name = column_name(drawing, i);
		size_t width = layout_width(name);
		size_t left = width < spacing ? (spacing - width + 1) / 2 : 0;

		add_blanks(drawing->out, left);
		paint(drawing->out, drawing->style, PAINT_BOLD, name);
		if (i + 1 < drawing->lanes.count)
			add_blanks(drawing->out,
				left + width < spacing ? spacing - left - width
						       : 0);
	}
	buf_addc(drawing->out, '\n');
}

/* NAME, cut to COLUMNS; owned. */
static char *fit_name(
	const struct drawing *drawing, const char *name, size_t columns)
{
	size_t width = layout_width(name);
	struct buf fitted = {0};

	layout_fit(&fitted, name, width < columns ? width : columns);
	glyphs_simplify(&fitted, 0, drawing->style);
	return fitted.length ? buf_detach(&fitted) : xstrdup("");
}

/* Each name on a line of its own, where its lane begins. */
static void add_stairs(struct drawing *drawing)
{
	const struct text_lanes *lanes = &drawing->lanes;

	for (size_t i = 0; i < lanes->count; i++) {
		auto_free char *whole = column_name(drawing, i);
		auto_free char *name = fit_name(drawing, whole,
			lanes->width + drawing->words - text_lanes_x(lanes, i));

		for (size_t x = 0; x < lanes->width; x++)
			put(drawing, x, GLYPH_NONE, PLAIN);
		for (size_t j = 0; j < i; j++)
			put(drawing, text_lanes_x(lanes, j), GLYPH_WAITS,
				PAINT_DIM);
		add_blanks(
			drawing->out, NUMBER_WIDTH + drawing->time_width + 2);
		add_cells(drawing, text_lanes_x(lanes, i));
		paint(drawing->out, drawing->style, PAINT_BOLD, name);
		buf_addc(drawing->out, '\n');
	}
}

/* An end of all lanes, so that those that go on are seen to. */
static void add_foot(struct drawing *drawing)
{
	size_t last = drawing->diagram->row_count - 1;

	put_row(drawing, last, true);
	if (drawing->lanes.others)
		put(drawing,
			text_lanes_x(&drawing->lanes, drawing->lanes.count - 1),
			GLYPH_NONE, PLAIN);
	if (!used_width(drawing))
		return;
	add_blanks(drawing->out, NUMBER_WIDTH + drawing->time_width + 2);
	add_cells(drawing, used_width(drawing));
	buf_addc(drawing->out, '\n');
}

/* Whose lanes there was no room for. */
static void add_crowded(struct drawing *drawing, size_t columns)
{
	const struct diagram *diagram = drawing->diagram;
	struct buf text = {0};
	size_t shown = 0;

	if (!drawing->lanes.crowded)
		return;
	for (size_t i = 0; i < diagram->lane_count; i++)
		if (!text_lanes_own(&drawing->lanes, i) &&
			diagram->lanes[i].name)
			buf_addf(&text, "%s%s",
				shown++ ? say(drawing->style, "、", ", ") : "",
				diagram->lanes[i].name);
	auto_free char *line = xasprintf(
		say(drawing->style, "屏幕不够宽，这些进程画在最后一列里：%s",
			"The screen is too narrow; these share the last "
			"column: %s"),
		buf_text(&text));

	layout_wrap(drawing->out, "  ", line, columns);
	buf_release(&text);
}

/* How many steps are not there, and how to see them. */
static void add_left_out(struct drawing *drawing, size_t columns)
{
	const struct diagram *diagram = drawing->diagram;
	const struct told_trace *trace = diagram->trace;
	size_t count = drawing->left_out + diagram->dull +
		       (trace->event_total - trace->event_count);
	auto_free char *text =
		xasprintf(say(drawing->style, "另有 %zu 个小步没有画出来。",
				  "%zu more small steps are not drawn."),
			count);

	if (count)
		layout_wrap(drawing->out, "  ", text, columns);
}

static void measure(struct drawing *drawing, size_t columns)
{
	const struct diagram *diagram = drawing->diagram;
	size_t margin, room;

	drawing->time_width = 4;
	for (size_t i = 0; i < diagram->row_count; i++) {
		struct buf time = {0};

		words_add_seconds(&time, diagram->rows[i].time_us);
		if (diagram->rows[i].kind == DIAGRAM_EVENT &&
			time.length > drawing->time_width)
			drawing->time_width = time.length;
		buf_release(&time);
	}
	if (drawing->time_width > TIME_WIDTH_MAX)
		drawing->time_width = TIME_WIDTH_MAX;
	margin = NUMBER_WIDTH + drawing->time_width + 3;
	room = columns - margin;
	text_lanes_make(&drawing->lanes, diagram,
		room > WORDS_GOOD ? room - WORDS_GOOD : 0,
		room > WORDS_LEAST ? room - WORDS_LEAST : 0);
	/* of two columns at least, which may leave little */
	drawing->words = room - drawing->lanes.width;
	drawing->cells =
		xcalloc(drawing->lanes.width + 1, sizeof(*drawing->cells));
}

void diagram_text_write(struct buf *out, const struct diagram *diagram,
	const struct report_style *style, size_t columns)
{
	struct drawing drawing = {
		.out = out, .diagram = diagram, .style = style, .time_us = -1};

	if (!diagram->row_count)
		return;
	if (columns < DIAGRAM_TEXT_COLUMNS_MIN)
		columns = DIAGRAM_TEXT_COLUMNS_MIN;
	measure(&drawing, columns);
	if (drawing.lanes.stairs)
		add_stairs(&drawing);
	else
		add_flat_head(&drawing);
	for (size_t i = 0; i < diagram->row_count; i++)
		add_row(&drawing, i);
	add_foot(&drawing);
	buf_addc(out, '\n');
	add_left_out(&drawing, columns);
	add_crowded(&drawing, columns);
	glyphs_write_legend(out, diagram, &drawing.lanes, style, columns);
	free(drawing.cells);
	text_lanes_release(&drawing.lanes);
}
