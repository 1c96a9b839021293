#include "grader/report/diagram_words.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/report/diagram_glyphs.h"
#include "grader/report/layout.h"

void words_add_seconds(struct buf *out, int64_t time_us)
{
	auto_free char *text = xasprintf("%.6f", (double)time_us / 1e6);
	size_t length = strlen(text);

	while (text[length - 1] == '0')
		length--;
	if (text[length - 1] == '.')
		length--;
	buf_add(out, text, length);
	buf_adds(out, " s");
}

static const char *who(const struct diagram *diagram, int task)
{
	return task < 0 || (size_t)task >= diagram->trace->task_count
		       ? NULL
		       : diagram->trace->tasks[task].name;
}

/* The number of the step that the row's event undoes; 0: none. */
static unsigned undone(const struct diagram *diagram, size_t row)
{
	for (size_t i = 0; i < diagram->arrow_count; i++)
		if (diagram->arrows[i].kind == DIAGRAM_LOST &&
			diagram->arrows[i].from_row == row)
			return diagram->rows[diagram->arrows[i].to_row].number;
	return 0;
}

static bool fits(const struct buf *out, const char *place, size_t columns)
{
	return layout_width(buf_text(out)) + 2 + layout_width(place) <= columns;
}

/* Who, what, and where if there is room. */
static void say_event(struct buf *out, const struct diagram *diagram,
	size_t index, const struct report_style *style, size_t columns)
{
	const struct diagram_row *row = &diagram->rows[index];
	const struct told_event *event = &diagram->trace->events[row->event];
	const char *name = who(diagram, event->task);
	auto_free char *what = one_line(pick(style, &event->what));
	unsigned number = undone(diagram, index);

	if (row->switched)
		buf_addf(out, "%s ", glyph_text(GLYPH_SWITCH, style));
	buf_addf(out, "%s %s", name ? name : say(style, "评分器", "the grader"),
		what);
	if (number)
		buf_addf(out,
			say(style, "：盖掉了 [%u] 写的",
				": over what [%u] wrote"),
			number);
	if (event->place && fits(out, event->place, columns))
		buf_addf(out, "  %s", event->place);
}

/* "(12 steps of main, 1 s pass)" */
static void say_fold(struct buf *out, const struct diagram *diagram,
	const struct diagram_row *row, const struct report_style *style)
{
	const char *name = who(diagram, row->task);

	if (name)
		buf_addf(out,
			say(style, "（略去 %zu 步：%s",
				row->folded == 1 ? "(%zu step of %s"
						 : "(%zu steps of %s"),
			row->folded, name);
	else
		buf_addf(out,
			say(style, "（略去 %zu 步：%zu 个进程",
				"(%zu steps of %zu processes"),
			row->folded, row->tasks);
	if (row->jump_us) {
		buf_adds(out, say(style, "，时间过去 ", "; time + "));
		words_add_seconds(out, row->jump_us);
	}
	buf_adds(out, say(style, "）", ")"));
}

void words_of_row(struct buf *out, const struct diagram *diagram, size_t row,
	const struct report_style *style, size_t columns)
{
	const struct diagram_row *one = &diagram->rows[row];

	switch (one->kind) {
	case DIAGRAM_EVENT:
		say_event(out, diagram, row, style, columns);
		break;
	case DIAGRAM_FOLD:
		say_fold(out, diagram, one, style);
		break;
	case DIAGRAM_JUMP:
		buf_adds(out, say(style, "时间过去 ", "time + "));
		words_add_seconds(out, one->jump_us);
		break;
	}
}
