#include "grader/report/report_explain.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/report/diagram_glyphs.h"
#include "grader/report/diagram_text.h"
#include "grader/report/html.h"
#include "grader/report/layout.h"
#include "grader/report/terminal.h"

#define STEPS_SHOWN 12
#define OTHERS_SHOWN 5

const struct criterion *report_explain_first(const struct verdict *verdict)
{
	return terminal_lead(verdict);
}

static int worth(const struct verdict *verdict, const struct finding *finding)
{
	return 4 * !finding->hidden +
	       2 * (verdict_trace(verdict, finding) != NULL) +
	       (finding->cause != NULL);
}

const struct finding *report_explain_finding(
	const struct verdict *verdict, const struct criterion *criterion)
{
	const struct finding *found = NULL;

	for (size_t i = 0; i < criterion->finding_count; i++) {
		const struct finding *finding = &criterion->findings[i];

		if (!found || worth(verdict, finding) > worth(verdict, found))
			found = finding;
	}
	return found;
}

struct telling {
	struct buf *out;
	const struct explanation *about;
	const struct report_style *style;
	const struct told_trace *trace; /* or NULL */
	struct diagram diagram;         /* empty without a trace */
	unsigned sections;
};

static void add_heading(struct telling *telling, const char *zh, const char *en)
{
	auto_free char *text = xasprintf(
		"%u. %s", ++telling->sections, say(telling->style, zh, en));

	buf_addc(telling->out, '\n');
	paint(telling->out, telling->style, PAINT_BOLD, text);
	buf_addc(telling->out, '\n');
}

static void add_text(struct telling *telling, const char *text)
{
	auto_free char *line = one_line(text);

	layout_wrap(telling->out, "   ", line, telling->style->columns);
}

static void add_command(struct telling *telling, const char *command)
{
	layout_wrap_command(
		telling->out, "     ", command, telling->style->columns);
}

static const char *mark_of(
	const struct criterion *criterion, const struct report_style *style)
{
	if (criterion->state == VERDICT_PASS)
		return style->ascii ? "ok" : "✓";
	if (criterion->state == VERDICT_FAIL)
		return style->ascii ? "X" : "✗";
	return criterion->state == VERDICT_NEEDS_GRADING ? "?" : "-";
}

static void add_title(struct telling *telling)
{
	const struct criterion *criterion = telling->about->criterion;
	const struct verdict *verdict = telling->about->verdict;
	struct buf *out = telling->out;
	auto_free char *title = xasprintf("%s · %s", verdict->exercise,
		pick(telling->style, &verdict->exercise_title));
	auto_free char *mark =
		xasprintf("%s ", mark_of(criterion, telling->style));
	struct buf line = {0};

	layout_wrap(out, "", title, telling->style->columns);
	buf_adds(&line, criterion->id);
	if (criterion->max_points > 0)
		buf_addf(&line, "  %g / %g", criterion->points,
			criterion->max_points);
	layout_wrap(out, mark, buf_text(&line), telling->style->columns);
	buf_release(&line);
}

static const char *hidden_words(const struct telling *telling)
{
	return say(telling->style, "（隐藏场景）", " (a hidden scenario)");
}

static void add_asked(struct telling *telling)
{
	const struct finding *finding = telling->about->finding;

	add_heading(telling, "要求是什么", "What is asked");
	add_text(telling,
		pick(telling->style, &telling->about->criterion->title));
	if (finding->scenario_command) {
		auto_free char *text =
			xasprintf(say(telling->style, "评分时这样运行：%s%s",
					  "It was run as: %s%s"),
				finding->scenario_command,
				finding->hidden ? hidden_words(telling) : "");

		add_text(telling, text);
	}
}

static void add_happened(struct telling *telling)
{
	const struct finding *finding = telling->about->finding;
	auto_free char *often = NULL;

	add_heading(telling, "发生了什么", "What happened");
	add_text(telling, pick(telling->style, &finding->message));
	if (!finding->schedules)
		return;
	if (finding->schedules == finding->failing_schedules)
		often = xasprintf(
			say(telling->style, "试了 %zu 种执行次序，次次如此。",
				"%zu orders of execution were tried; it is so "
				"in all of them."),
			finding->schedules);
	else
		often = xasprintf(
			say(telling->style,
				"试了 %zu 种执行次序，其中 %zu 种这样："
				"碰巧没有出错，不等于写对了。",
				"%zu orders of execution were tried; it is so "
				"in %zu: a run that goes well proves nothing."),
			finding->schedules, finding->failing_schedules);
	add_text(telling, often);
}

static void add_no_picture(struct telling *telling)
{
	const struct finding *finding = telling->about->finding;

	if (!finding->scenario)
		return;
	add_text(telling,
		finding->hidden
			? say(telling->style,
				  "隐藏场景的执行不记在报告里，所以没有图。",
				  "The report holds no run of a hidden "
				  "scenario, so there is no picture.")
			: say(telling->style,
				  "报告里没有这次执行，所以没有图。",
				  "The report does not hold this run, so there "
				  "is no picture."));
}

static void add_picture(struct telling *telling)
{
	if (!telling->trace) {
		add_no_picture(telling);
		return;
	}
	add_heading(telling, "画成图", "As a picture");
	add_text(telling,
		say(telling->style,
			"一列一个进程，时间往下走，右边说每一步做了什么。",
			"A column is a process, time goes downwards, the words "
			"at the right say what happens."));
	buf_addc(telling->out, '\n');
	diagram_text_write(telling->out, &telling->diagram, telling->style,
		telling->about->columns);
}

struct step {
	int64_t time_us;
	const char *who;
	const struct bilingual *what;
	const char *place;
	enum diagram_role role;
};

/* The line of the source that PLACE names, as it may be shown; owned. */
static char *source_line(const struct telling *telling, const char *place)
{
	char *line = html_source_line(telling->about->verdict, place);

	for (char *at = line; at && *at; at++)
		if ((unsigned char)*at < ' ')
			*at = ' ';
	return line;
}

static void add_step(
	struct telling *telling, const struct step *step, size_t number)
{
	const struct report_style *style = telling->style;
	auto_free char *line = source_line(telling, step->place);
	auto_free char *what = one_line(pick(style, step->what));
	auto_free char *head = xasprintf("   [%zu] ", number);
	auto_free char *text = xasprintf("%.3f s  %s %s",
		(double)step->time_us / 1e6,
		step->who ? step->who : say(style, "评分器", "the grader"),
		what);
	const char *role = style->language == LANGUAGE_ZH
				   ? html_role_zh(step->role)
				   : html_role_en(step->role);

	layout_wrap(telling->out, head, text, style->columns);
	if (role) {
		auto_free char *arrow =
			xasprintf("       %s ", style->ascii ? "->" : "→");

		layout_wrap(telling->out, arrow, role, style->columns);
	}
	if (step->place) {
		struct buf code = {0};
		size_t width = layout_width(step->place) + 11;

		buf_addf(&code, "       %s", step->place);
		if (line && *line && width + 10 < style->columns) {
			size_t room = style->columns - width;

			buf_adds(&code, style->ascii ? " | " : " │ ");
			layout_fit(&code, line,
				layout_width(line) < room ? layout_width(line)
							  : room);
		}
		paint(telling->out, style, PAINT_DIM, buf_text(&code));
		buf_addc(telling->out, '\n');
		buf_release(&code);
	}
}

static void add_steps(struct telling *telling)
{
	const struct finding *finding = telling->about->finding;
	size_t count = telling->trace ? telling->diagram.step_count
				      : finding->event_count;

	if (!count)
		return;
	add_heading(telling, "关键的几步", "The steps that matter");
	for (size_t i = 0; i < count && i < STEPS_SHOWN; i++) {
		struct step step;

		if (telling->trace) {
			const struct diagram_row *row =
				&telling->diagram
					 .rows[telling->diagram.steps[i]];
			const struct told_event *event =
				&telling->trace->events[row->event];

			step = (struct step){event->time_us,
				event->task < 0
					? NULL
					: telling->trace->tasks[event->task]
						  .name,
				&event->what, event->place, row->role};
		} else {
			const struct verdict_event *event = &finding->events[i];

			step = (struct step){event->time_us, event->who,
				&event->what, event->place, DIAGRAM_EVIDENCE};
		}
		add_step(telling, &step, i + 1);
	}
	if (count > STEPS_SHOWN) {
		auto_free char *more =
			xasprintf(say(telling->style, "……还有 %zu 步。",
					  "... and %zu more."),
				count - STEPS_SHOWN);

		add_text(telling, more);
	}
}

static void add_why(struct telling *telling)
{
	const struct finding *finding = telling->about->finding;
	const struct cause_words *words = html_cause_words(finding->cause);
	bool zh = telling->style->language == LANGUAGE_ZH;

	if (!finding->cause)
		return;
	add_heading(telling, "为什么不对", "Why it is wrong");
	if (words) {
		auto_free char *why = xasprintf(zh ? "%s。%s" : "%s. %s",
			zh ? words->zh : words->en,
			zh ? words->zh_why : words->en_why);

		add_text(telling, why);
	} else {
		add_text(telling, finding->cause);
	}
	if (*pick(telling->style, &finding->story)) {
		auto_free char *story = xasprintf("%s%s",
			say(telling->style, "在你的程序里：",
				"In your program: "),
			pick(telling->style, &finding->story));

		add_text(telling, story);
	}
}

static void add_todo(struct telling *telling)
{
	const struct finding *finding = telling->about->finding;
	const char *remedy = pick(telling->style, &finding->remedy);
	const char *hint = pick(telling->style, &finding->hint);

	if (!*remedy && !*hint)
		return;
	add_heading(telling, "怎么改", "What to do");
	if (*remedy)
		add_text(telling, remedy);
	if (*hint)
		add_text(telling, hint);
}

static const struct told_trace *right_run(const struct telling *telling)
{
	const struct verdict *verdict = telling->about->verdict;
	const char *scenario = telling->about->finding->scenario;

	for (size_t i = 0; scenario && i < verdict->trace_count; i++)
		if (verdict->traces[i].right &&
			!strcmp(verdict->traces[i].scenario, scenario))
			return &verdict->traces[i];
	return NULL;
}

/* A right program, called the same way. */
static void add_right(struct telling *telling)
{
	const struct told_trace *run = right_run(telling);
	struct diagram diagram;

	if (!run)
		return;
	if (!telling->about->right) {
		add_text(telling,
			say(telling->style,
				"加上 --right，还可以看同样参数下一个正确的程序"
				"是怎么走的。",
				"With --right, a right program that is called "
				"the same way is shown, too."));
		return;
	}
	add_heading(
		telling, "对照：一个正确的程序", "To compare: a right program");
	add_text(telling,
		say(telling->style,
			"同样的参数，执行一次。看它在哪里等、在哪里拿锁。",
			"The same call, run once. Look where it waits and "
			"where it takes a lock."));
	buf_addc(telling->out, '\n');
	diagram_make(&diagram, run, NULL);
	diagram_text_write(telling->out, &diagram, telling->style,
		telling->about->columns);
	diagram_release(&diagram);
}

static void add_again(struct telling *telling)
{
	const struct criterion *criterion = telling->about->criterion;
	const struct finding *finding = telling->about->finding;
	const char *path = telling->style->report_path;
	size_t number = (size_t)(finding - criterion->findings);
	struct buf command = {0};

	if (!finding->scenario)
		return;
	add_heading(telling, "自己再看一遍", "See it run yourself");
	add_text(telling,
		say(telling->style, "同样的执行可以一步不差地重放：",
			"The same run can be replayed, step by step:"));
	if (path) {
		report_show_command(&command, path, criterion->id);
		if (number > 0)
			buf_addf(&command, " --finding %zu", number + 1);
	} else {
		report_replay_command(
			&command, telling->about->verdict, finding);
	}
	add_command(telling, buf_text(&command));
	buf_release(&command);
}

/* What else failed in the criterion. */
static void add_others(struct telling *telling)
{
	const struct criterion *criterion = telling->about->criterion;
	const struct finding *shown = telling->about->finding;

	if (criterion->finding_count < 2)
		return;
	add_heading(telling, "这一项还有", "The same criterion also fails so");
	for (size_t i = 0; i < criterion->finding_count && i <= OTHERS_SHOWN;
		i++) {
		const struct finding *finding = &criterion->findings[i];
		auto_free char *label = xasprintf("   --finding %zu  ", i + 1);
		auto_free char *text = NULL, *line = NULL;

		if (finding == shown)
			continue;
		text = xasprintf("%s%s%s%s",
			finding->scenario_command ? finding->scenario_command
						  : "",
			finding->scenario_command && finding->hidden
				? hidden_words(telling)
				: "",
			finding->scenario_command
				? say(telling->style, "：", ": ")
				: "",
			pick(telling->style, &finding->message));
		line = one_line(text);
		layout_wrap(telling->out, label, line, telling->style->columns);
	}
}

/* Why there is no failure to be explained. */
static void add_nothing(struct telling *telling)
{
	const struct report_style *style = telling->style;
	const char *text = "";

	switch (telling->about->criterion->state) {
	case VERDICT_PASS:
		text = say(style, "这一项没有问题，没有什么要讲的。",
			"This holds; there is nothing to explain.");
		break;
	case VERDICT_SKIPPED:
		text = say(style,
			"这一项没有判：它的前提不成立。先把前面的改好。",
			"This was not judged, as its premise failed. Mend what "
			"comes before it.");
		break;
	case VERDICT_NEEDS_GRADING:
		text = say(style, "这一项等人工评分。",
			"This waits for a person.");
		break;
	case VERDICT_FAIL:
	case VERDICT_REFUSED:
		text = say(style, "报告里没有说为什么。",
			"The report does not say why.");
		break;
	}
	add_text(telling, text);
}

void report_explain_write(struct buf *out,
	const struct explanation *explanation, const struct report_style *style)
{
	struct telling telling = {
		.out = out, .about = explanation, .style = style};
	const struct finding *finding = explanation->finding;
	size_t start = out->length;

	add_title(&telling);
	if (!finding)
		add_text(&telling, pick(style, &explanation->criterion->title));
	if (!finding)
		add_text(&telling, pick(style, &explanation->criterion->title));
	if (finding)
		telling.trace = verdict_trace(explanation->verdict, finding);
	if (telling.trace)
		diagram_make(&telling.diagram, telling.trace, finding);
	if (finding) {
		add_asked(&telling);
		add_happened(&telling);
		add_picture(&telling);
		add_steps(&telling);
		add_why(&telling);
		add_todo(&telling);
		add_right(&telling);
		add_again(&telling);
		add_others(&telling);
	} else {
		add_nothing(&telling);
	}
	diagram_release(&telling.diagram);
	glyphs_simplify(out, start, style);
	terminal_finish(out, start, style);
}

void report_explain_whole(struct buf *out, const struct verdict *verdict,
	const struct report_style *style)
{
	struct buf next = {0};
	size_t start = out->length;

	buf_addf(&next, "%s · %s", verdict->exercise,
		pick(style, &verdict->exercise_title));
	layout_wrap(out, "", buf_text(&next), style->columns);
	buf_clear(&next);
	if (verdict->state == VERDICT_REFUSED)
		layout_wrap(out, "  ", pick(style, &verdict->refusal),
			style->columns);
	else if (!verdict->compile.ok)
		terminal_write_log(out, &verdict->compile, style);
	terminal_next_step(&next, verdict, style);
	buf_addc(out, '\n');
	layout_wrap(out, say(style, "下一步  ", "Next  "), buf_text(&next),
		style->columns);
	buf_release(&next);
	glyphs_simplify(out, start, style);
	terminal_finish(out, start, style);
}
