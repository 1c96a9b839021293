/*
 * How it works: the events are cut into steps first; a step is shown when it
 * is near one that matters; then each is written as a table like that of the
 * evidence in a report, with the source line below the call.
 */
#include "grader/report/report_replay.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/report/layout.h"
#include "grader/report/terminal.h"
#include "grader/tell.h"

#define INDENT 8
#define SHORT_RUN 40 /* steps: so many are shown whole */
#define NEAR 2       /* steps around one that matters */

struct step {
	size_t first, end; /* events */
	bool matters, shown;
};

struct writer {
	struct buf *out;
	const struct replay *replay;
	const struct report_style *style;
	struct step *steps;
	size_t step_count;
	size_t switch_at;   /* the next one to be written */
	size_t place_width; /* columns of the widest place */
};

void replay_release(struct replay *replay)
{
	free(replay->exercise);
	bilingual_release(&replay->criterion);
	bilingual_release(&replay->message);
	bilingual_release(&replay->hint);
	free(replay->command);
	for (size_t i = 0; i < replay->event_count; i++) {
		tell_event_release(&replay->events[i].told);
		free(replay->events[i].source);
	}
	free(replay->events);
	for (size_t i = 0; i < replay->switch_count; i++) {
		free(replay->switches[i].from);
		free(replay->switches[i].to);
	}
	free(replay->switches);
	memset(replay, 0, sizeof(*replay));
}

static bool begins_step(const struct writer *w, size_t event)
{
	const struct replay_event *at = &w->replay->events[event];

	if (event == 0 || at->told.task != at[-1].told.task ||
		at->told.time_us != at[-1].told.time_us)
		return true;
	for (size_t i = 0; i < w->replay->switch_count; i++)
		if (w->replay->switches[i].position == event)
			return true;
	return false;
}

static void cut_into_steps(struct writer *w)
{
	const struct replay *replay = w->replay;
	size_t at = 0;

	w->steps = xcalloc(replay->event_count + 1, sizeof(*w->steps));
	for (size_t i = 0; i < replay->event_count; i++) {
		struct step *step;

		if (begins_step(w, i))
			w->steps[w->step_count++].first = i;
		step = &w->steps[w->step_count - 1];
		step->end = i + 1;
		step->matters = step->matters || replay->events[i].evidence;
		for (; at < replay->switch_count &&
			replay->switches[at].position <= i;
			at++)
			step->matters = true;
	}
}

static void choose_steps(struct writer *w, bool all)
{
	for (size_t i = 0; i < w->step_count; i++) {
		size_t from = i > NEAR ? i - NEAR : 0;
		size_t to =
			i + NEAR < w->step_count ? i + NEAR : w->step_count - 1;

		w->steps[i].shown = all || w->step_count <= SHORT_RUN ||
				    i == 0 || i + 1 == w->step_count;
		for (size_t j = from; j <= to; j++)
			w->steps[i].shown =
				w->steps[i].shown || w->steps[j].matters;
	}
}

static void write_switch(struct writer *w, size_t number)
{
	const struct replay_switch *at = &w->replay->switches[number];
	struct buf text = {0};

	if (at->to)
		buf_addf(&text,
			say(w->style, "切换 %zu/%zu：%s 还能继续，却轮到了 %s",
				"switch %zu of %zu: %s could go on, but %s is "
				"next"),
			number + 1, w->replay->switch_count, at->from, at->to);
	else
		buf_addf(&text,
			say(w->style,
				"切换 %zu/%zu：%s 还能继续，时间却先往前走了",
				"switch %zu of %zu: %s could go on, but time "
				"passes first"),
			number + 1, w->replay->switch_count, at->from);
	buf_addc(w->out, '\n');
	buf_adds(w->out, "  ");
	paint(w->out, w->style, PAINT_ATTENTION, "⇄ ");
	paint(w->out, w->style, PAINT_ATTENTION, buf_text(&text));
	buf_addc(w->out, '\n');
	buf_release(&text);
}

/* Those that happened before event END. */
static void write_switches(struct writer *w, size_t end)
{
	while (w->switch_at < w->replay->switch_count &&
		w->replay->switches[w->switch_at].position < end)
		write_switch(w, w->switch_at++);
}

static void write_step_head(struct writer *w, size_t number)
{
	const struct verdict_event *first =
		&w->replay->events[w->steps[number].first].told;
	auto_free char *head = xasprintf(
		"%5zu  %.3f s  ", number + 1, (double)first->time_us / 1e6);

	buf_addc(w->out, '\n');
	paint(w->out, w->style, PAINT_DIM, head);
	paint(w->out, w->style, PAINT_BOLD,
		first->who ? first->who : say(w->style, "评分器", "grader"));
	buf_addc(w->out, '\n');
}

/* The source line of the event, unless the next event has it too. */
static void write_source(struct writer *w, size_t event, size_t end)
{
	const struct replay_event *at = &w->replay->events[event];
	const char *next = event + 1 < end
				   ? w->replay->events[event + 1].told.place
				   : NULL;
	const char *place = at->told.place, *colon;
	struct buf line = {0}, fitted = {0};
	size_t length;

	if (!at->source || !place || (next && !strcmp(next, place)))
		return;
	colon = strrchr(place, ':');
	buf_addf(&line, "%6s %s  %s", colon ? colon + 1 : "", "│", at->source);
	layout_fit(&fitted, buf_text(&line), w->style->columns - INDENT - 1);
	length = fitted.length;
	while (length && fitted.data[length - 1] == ' ')
		length--;
	fitted.data[length] = '\0';
	buf_addf(w->out, "%*s", INDENT, "");
	paint(w->out, w->style, PAINT_DIM, fitted.data);
	buf_addc(w->out, '\n');
	buf_release(&line);
	buf_release(&fitted);
}

static void write_event(struct writer *w, size_t event)
{
	const struct replay_event *at = &w->replay->events[event];
	auto_free char *what = one_line(pick(w->style, &at->told.what));
	size_t fixed = INDENT + 2 + w->place_width;
	size_t columns =
		w->style->columns > fixed + 20 ? w->style->columns - fixed : 20;
	struct buf wrapped = {0}, padded = {0};
	bool first = true;

	layout_wrap(&wrapped, "", what, columns);
	for (const char *line = buf_text(&wrapped); *line; first = false) {
		size_t length = strcspn(line, "\n");
		auto_free char *text = xstrndup(line, length);

		buf_adds(w->out, "      ");
		if (first && at->evidence)
			paint(w->out, w->style, PAINT_BAD, "» ");
		else
			buf_adds(w->out, "  ");
		buf_clear(&padded);
		layout_pad(
			&padded, text, first && at->told.place ? columns : 0);
		if (at->evidence)
			paint(w->out, w->style, PAINT_BOLD, buf_text(&padded));
		else
			buf_adds(w->out, buf_text(&padded));
		if (first && at->told.place) {
			buf_adds(w->out, "  ");
			paint(w->out, w->style, PAINT_DIM, at->told.place);
		}
		buf_addc(w->out, '\n');
		line += length + 1;
	}
	buf_release(&wrapped);
	buf_release(&padded);
}

static void write_left_out(struct writer *w, size_t count)
{
	struct buf text = {0};

	buf_addf(&text,
		say(w->style, "…… 省略了 %zu 步（--all 显示全部）",
			"... %zu steps are left out (--all shows them)"),
		count);
	buf_adds(w->out, "\n       ");
	paint(w->out, w->style, PAINT_DIM, buf_text(&text));
	buf_addc(w->out, '\n');
	buf_release(&text);
}

static void write_steps(struct writer *w)
{
	for (size_t i = 0; i < w->step_count; i++) {
		const struct step *step = &w->steps[i];
		size_t skipped = i;

		while (skipped < w->step_count && !w->steps[skipped].shown)
			skipped++;
		if (skipped > i) {
			write_left_out(w, skipped - i);
			i = skipped - 1;
			continue;
		}
		write_switches(w, step->first + 1);
		write_step_head(w, i);
		for (size_t j = step->first; j < step->end; j++) {
			write_event(w, j);
			write_source(w, j, step->end);
		}
	}
	write_switches(w, SIZE_MAX);
}

static void write_head(struct writer *w)
{
	const struct replay *replay = w->replay;
	const struct report_style *style = w->style;
	struct buf text = {0};

	buf_addf(&text, "%s · %s", replay->exercise,
		pick(style, &replay->criterion));
	paint(w->out, style, PAINT_BOLD, buf_text(&text));
	buf_addc(w->out, '\n');
	buf_clear(&text);
	buf_addf(&text, "%s%s", replay->command,
		replay->hidden ? say(style, " · 隐藏场景", " · hidden scenario")
			       : "");
	layout_wrap(w->out, say(style, "运行  ", "run       "), buf_text(&text),
		style->columns);
	buf_clear(&text);
	buf_addf(&text,
		say(style, "每个进程一直运行到阻塞为止，其间有 %zu 次强制切换",
			"each process runs until it blocks, but for %zu forced "
			"switch(es)"),
		replay->switch_count);
	if (replay->found_switches > replay->switch_count)
		buf_addf(&text,
			say(style, "（最初找到时有 %zu 次）",
				" (%zu when it was found)"),
			replay->found_switches);
	layout_wrap(w->out, say(style, "调度  ", "schedule  "), buf_text(&text),
		style->columns);
	buf_release(&text);
}

static void write_end(struct writer *w)
{
	const struct report_style *style = w->style;
	auto_free char *message = one_line(pick(style, &w->replay->message));

	buf_addc(w->out, '\n');
	layout_wrap(w->out, "✗ ", message, style->columns);
	if (*pick(style, &w->replay->hint))
		layout_wrap(w->out, say(style, "  提示  ", "  hint    "),
			pick(style, &w->replay->hint), style->columns);
}

void report_replay_write(struct buf *out, const struct replay *replay, bool all,
	const struct report_style *style)
{
	struct writer w = {.out = out, .replay = replay, .style = style};
	size_t start = out->length;

	for (size_t i = 0; i < replay->event_count; i++) {
		const char *place = replay->events[i].told.place;
		size_t width = place ? layout_width(place) : 0;

		if (width > w.place_width)
			w.place_width = width;
	}
	cut_into_steps(&w);
	choose_steps(&w, all);
	write_head(&w);
	write_steps(&w);
	write_end(&w);
	terminal_finish(out, start, style);
	free(w.steps);
}
