#include "grader/report/diagram_glyphs.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/report/layout.h"

static const struct {
	const char *unicode, *ascii;
} GLYPHS[GLYPH_COUNT] = {
	[GLYPH_NONE] = {" ", " "},
	[GLYPH_LIFE] = {"│", "|"},
	[GLYPH_WAITS] = {"┊", ":"},
	[GLYPH_SLEEPS] = {"z", "z"},
	[GLYPH_EVER] = {"╳", "x"},
	[GLYPH_ZOMBIE] = {"·", "."},
	[GLYPH_HOLDS] = {"▐", "["},
	[GLYPH_ORPHAN] = {"!", "!"},
	[GLYPH_BOX_TOP_LEFT] = {"┏", "("},
	[GLYPH_BOX_TOP_RIGHT] = {"┓", ")"},
	[GLYPH_BOX_SIDE_LEFT] = {"┃", "("},
	[GLYPH_BOX_SIDE_RIGHT] = {"┃", ")"},
	[GLYPH_BOX_END_LEFT] = {"┗", "("},
	[GLYPH_BOX_END_RIGHT] = {"┛", ")"},
	[GLYPH_CROSSING] = {"┼", "+"},
	[GLYPH_LINE] = {"─", "-"},
	[GLYPH_LINE_ITEM] = {"═", "="},
	[GLYPH_LINE_BAD] = {"━", "~"},
	[GLYPH_HEAD_RIGHT] = {"▶", ">"},
	[GLYPH_HEAD_LEFT] = {"◀", "<"},
	[GLYPH_BORN_RIGHT] = {"┐", "."},
	[GLYPH_BORN_LEFT] = {"┌", "."},
	[GLYPH_POINT] = {"●", "*"},
	[GLYPH_HOLLOW] = {"○", "o"},
	[GLYPH_OUTPUT] = {"■", "#"},
	[GLYPH_EXIT] = {"┴", "_"},
	[GLYPH_STUCK] = {"✗", "X"},
	[GLYPH_SIGNAL] = {"▲", "^"},
	[GLYPH_ITEM] = {"◆", "%"},
	[GLYPH_FOLD] = {"⋮", "'"},
	[GLYPH_PASS] = {"╌", "-"},
	[GLYPH_SWITCH] = {"⇄", "&"},
};

const char *glyph_text(enum glyph glyph, const struct report_style *style)
{
	return style->ascii ? GLYPHS[glyph].ascii : GLYPHS[glyph].unicode;
}

enum glyph glyph_of_event(enum event_kind kind)
{
	switch (kind) {
	case EVENT_OUTPUT:
		return GLYPH_OUTPUT;
	case EVENT_EXIT:
		return GLYPH_EXIT;
	case EVENT_DEADLOCK:
		return GLYPH_STUCK;
	case EVENT_SIGNAL_SENT:
	case EVENT_SIGNAL_DELIVERED:
		return GLYPH_SIGNAL;
	case EVENT_PUT:
	case EVENT_GET:
		return GLYPH_ITEM;
	case EVENT_READ:
	case EVENT_WAIT:
	case EVENT_LOCK_WAIT:
	case EVENT_SLEEP:
		return GLYPH_HOLLOW;
	default:
		return GLYPH_POINT;
	}
}

void glyphs_simplify(
	struct buf *out, size_t start, const struct report_style *style)
{
	static const struct {
		const char *sign, *ascii;
	} signs[] = {{"…", "~"}, {"↵", "$"}, {"·", "-"}};
	struct buf text = {0};
	const char *at;

	if (!style->ascii || out->length == start)
		return;
	buf_adds(&text, buf_text(out) + start);
	out->length = start;
	for (at = buf_text(&text); *at;) {
		size_t i = 0, count = sizeof(signs) / sizeof(*signs);

		while (i < count &&
			strncmp(at, signs[i].sign, strlen(signs[i].sign)) != 0)
			i++;
		if (i < count)
			buf_adds(out, signs[i].ascii);
		else
			buf_addc(out, *at);
		at += i < count ? strlen(signs[i].sign) : 1;
	}
	buf_release(&text);
}

/* A legend in the making: what does not fit begins a line. */
struct legend {
	struct buf *out;
	const struct report_style *style;
	size_t used, columns;
};

static void explain(struct legend *legend, const char *signs, const char *zh,
	const char *en)
{
	auto_free char *text = xasprintf("%s %s", signs,
		legend->style->language == LANGUAGE_ZH ? zh : en);
	size_t width = layout_width(text);

	if (legend->used && legend->used + 3 + width > legend->columns) {
		buf_addc(legend->out, '\n');
		legend->used = 0;
	}
	buf_adds(legend->out, legend->used ? "   " : "  ");
	legend->used += (legend->used ? 3 : 2) + width;
	paint(legend->out, legend->style, PAINT_DIM, text);
}

static void explain_one(
	struct legend *legend, enum glyph glyph, const char *zh, const char *en)
{
	explain(legend, glyph_text(glyph, legend->style), zh, en);
}

static bool has_span(const struct diagram *diagram,
	const struct text_lanes *lanes, enum diagram_state state)
{
	for (size_t i = 0; i < diagram->span_count; i++)
		if (diagram->spans[i].state == state &&
			text_lanes_own(lanes, diagram->spans[i].lane))
			return true;
	return false;
}

static void explain_spans(struct legend *legend, const struct diagram *diagram,
	const struct text_lanes *lanes)
{
	static const struct {
		enum diagram_state state;
		enum glyph glyph;
		const char *zh, *en;
	} spans[] = {
		{DIAGRAM_HOLDS, GLYPH_HOLDS, "拿着锁", "has a lock"},
		{DIAGRAM_WAITS, GLYPH_WAITS, "在等别人", "waits for another"},
		{DIAGRAM_SLEEPS, GLYPH_SLEEPS, "睡眠", "sleeps"},
		{DIAGRAM_FOR_EVER, GLYPH_EVER, "等到最后也没有等到",
			"waits, and it never comes"},
		{DIAGRAM_ORPHANED, GLYPH_ORPHAN, "父进程已经结束，它还活着",
			"its parent has ended, it lives on"},
		{DIAGRAM_ZOMBIE, GLYPH_ZOMBIE, "已经结束，还没有被回收",
			"has ended, is not yet waited for"},
	};
	auto_free char *box = xasprintf("%s%s",
		glyph_text(GLYPH_BOX_SIDE_LEFT, legend->style),
		glyph_text(GLYPH_BOX_SIDE_RIGHT, legend->style));

	if (has_span(diagram, lanes, DIAGRAM_UPDATE))
		explain(legend, box, "从读到写回，别人不该插进来",
			"from read to write: nobody should come in");
	for (size_t i = 0; i < sizeof(spans) / sizeof(*spans); i++)
		if (has_span(diagram, lanes, spans[i].state))
			explain_one(legend, spans[i].glyph, spans[i].zh,
				spans[i].en);
}

static bool has_arrow(
	const struct diagram *diagram, enum diagram_arrow_kind kind)
{
	for (size_t i = 0; i < diagram->arrow_count; i++)
		if (diagram->arrows[i].kind == kind)
			return true;
	return false;
}

static void explain_arrow(
	struct legend *legend, enum glyph line, const char *zh, const char *en)
{
	auto_free char *signs =
		xasprintf("%s%s", glyph_text(line, legend->style),
			glyph_text(GLYPH_HEAD_RIGHT, legend->style));

	explain(legend, signs, zh, en);
}

static const char *style_lost(const struct report_style *style)
{
	return style->ascii ? "X<~" : "✗◀━";
}

static void explain_arrows(struct legend *legend, const struct diagram *diagram)
{
	if (has_arrow(diagram, DIAGRAM_FORK) || has_arrow(diagram, DIAGRAM_END))
		explain_arrow(legend, GLYPH_LINE, "创建进程，或被父进程回收",
			"is made, or is waited for");
	if (has_arrow(diagram, DIAGRAM_ITEM) ||
		has_arrow(diagram, DIAGRAM_SIGNAL) ||
		has_arrow(diagram, DIAGRAM_LOCK) ||
		has_arrow(diagram, DIAGRAM_WAKE))
		explain_arrow(legend, GLYPH_LINE_ITEM,
			"东西、信号或锁从一边到了另一边",
			"an item, a signal or a lock comes over");
	if (has_arrow(diagram, DIAGRAM_LOST))
		explain(legend, style_lost(legend->style), "盖掉了它写的",
			"overwrites what that one wrote");
	if (has_arrow(diagram, DIAGRAM_WAITS_FOR))
		explain_arrow(
			legend, GLYPH_LINE_BAD, "在等谁", "waits for that one");
}

static bool has_event(const struct diagram *diagram, enum glyph glyph)
{
	for (size_t i = 0; i < diagram->row_count; i++)
		if (diagram->rows[i].kind == DIAGRAM_EVENT &&
			glyph_of_event(
				diagram->trace->events[diagram->rows[i].event]
					.kind) == glyph)
			return true;
	return false;
}

static bool has_switch(const struct diagram *diagram)
{
	for (size_t i = 0; i < diagram->row_count; i++)
		if (diagram->rows[i].switched)
			return true;
	return false;
}

static void explain_events(struct legend *legend, const struct diagram *diagram)
{
	static const struct {
		enum glyph glyph;
		const char *zh, *en;
	} events[] = {
		{GLYPH_OUTPUT, "输出", "prints"},
		{GLYPH_ITEM, "放入或取出", "puts or gets"},
		{GLYPH_SIGNAL, "信号", "a signal"},
		{GLYPH_EXIT, "结束", "ends"},
		{GLYPH_STUCK, "再也走不下去", "can never go on"},
	};

	for (size_t i = 0; i < sizeof(events) / sizeof(*events); i++)
		if (has_event(diagram, events[i].glyph))
			explain_one(legend, events[i].glyph, events[i].zh,
				events[i].en);
	if (has_switch(diagram))
		explain_one(legend, GLYPH_SWITCH, "调度器在这里换了一个进程",
			"the scheduler let another go on here");
	if (diagram->step_count)
		explain(legend, "[1]", "关键的一步", "a step that matters");
}

void glyphs_write_legend(struct buf *out, const struct diagram *diagram,
	const struct text_lanes *lanes, const struct report_style *style,
	size_t columns)
{
	struct legend legend = {.out = out, .style = style, .columns = columns};

	explain_events(&legend, diagram);
	explain_spans(&legend, diagram, lanes);
	explain_arrows(&legend, diagram);
	if (legend.used)
		buf_addc(out, '\n');
}
