/*
 * The report that a student reads, in the order in which it is wanted: the
 * mark, how it was compiled, one line a criterion, then for each failure
 * what happened, why it is wrong, what to look at and how to see it again,
 * and at the end one next step.
 *
 * How it works: sections append to one buffer; layout.c breaks the lines.
 * Colour goes around whole pieces only, after their width was measured.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/report/layout.h"
#include "grader/report/report.h"
#include "grader/report/terminal.h"

#define MORE_SHOWN 2

/* Where the finding shows: the call, how often, whether it is hidden. */
static void add_occasion(struct buf *out, const struct finding *finding,
	const struct report_style *style)
{
	buf_adds(out, finding->scenario_command);
	if (finding->schedules)
		buf_addf(out,
			say(style, " · %zu 次调度中有 %zu 次这样",
				" · of %zu schedules, %zu show it"),
			finding->schedules, finding->failing_schedules);
	if (finding->hidden)
		buf_adds(out, say(style, " · 隐藏场景", " · hidden scenario"));
}

/* The same happened in the first finding of a criterion before this one. */
static bool is_told(
	const struct verdict *verdict, const struct finding *finding)
{
	for (size_t i = 0; i < verdict->criterion_count; i++) {
		const struct criterion *criterion = &verdict->criteria[i];
		const struct finding *first = criterion->findings;

		if (criterion->finding_count == 0)
			continue;
		if (first == finding)
			return false;
		if (first->cause && !strcmp(first->cause, finding->cause) &&
			!strcmp(first->story.en, finding->story.en))
			return true;
	}
	return false;
}

/* What happened, from the trace; once. */
static void write_story(struct buf *out, const struct verdict *verdict,
	const struct finding *finding, const struct report_style *style)
{
	const char *label = say(style, "  经过  ", "  story   ");
	auto_free char *story = NULL;

	if (!finding->cause)
		return;
	if (is_told(verdict, finding))
		story = xasprintf(say(style, "与前面相同（%s）。",
					  "the same as above (%s)."),
			finding->cause);
	else
		story = xasprintf(say(style, "%s（%s）", "%s (%s)"),
			pick(style, &finding->story), finding->cause);
	layout_wrap(out, label, story, style->columns);
}

/* The mistake to begin with: the first to mend, or the same one before it. */
static bool is_lead(
	const struct verdict *verdict, const struct criterion *criterion)
{
	const struct criterion *lead = terminal_lead(verdict);
	const struct finding *finding = criterion->findings;

	if (!lead || !lead->finding_count)
		return false;
	return lead == criterion ||
	       (finding->cause && lead->findings->cause &&
		       !strcmp(finding->cause, lead->findings->cause) &&
		       !strcmp(finding->story.en, lead->findings->story.en));
}

/*
 * The remedy of a mistake that was recognised, else the exercise's hint; that
 * of one failure at a time, unless all are asked for.  Returns false when it
 * was kept back.
 */
static bool write_advice(struct buf *out, const struct verdict *verdict,
	const struct criterion *criterion, const struct report_style *style)
{
	const struct finding *finding = criterion->findings;

	if (finding->cause ? is_told(verdict, finding)
			   : !*pick(style, &finding->hint))
		return true;
	if (!style->hints && !is_lead(verdict, criterion))
		return false;
	if (finding->cause)
		layout_wrap(out, say(style, "  改法  ", "  remedy  "),
			pick(style, &finding->remedy), style->columns);
	else
		layout_wrap(out, say(style, "  提示  ", "  hint    "),
			pick(style, &finding->hint), style->columns);
	return true;
}

/* How little it takes. */
static void write_shrunk(struct buf *out, const struct finding *finding,
	const struct report_style *style)
{
	struct buf text = {0};

	if (finding->found_switches <= finding->switch_count)
		return;
	if (finding->switch_count == 0)
		buf_addf(&text,
			say(style,
				"  不需要强制切换：阻塞之后轮到谁，就足以如此"
				"（最初找到时有 %zu 次）",
				"  no forced switch is needed: who goes on "
				"after a block is enough (%zu when found)"),
			finding->found_switches);
	else
		buf_addf(&text,
			say(style,
				"  只要 %zu 次强制切换就会这样（最初找到时有 "
				"%zu 次）",
				"  %zu forced switch(es) are enough (%zu when "
				"it was found)"),
			finding->switch_count, finding->found_switches);
	paint(out, style, PAINT_DIM, buf_text(&text));
	buf_addc(out, '\n');
	buf_release(&text);
}

/* False when its advice was kept back. */
static bool write_finding(struct buf *out, const struct verdict *verdict,
	const struct criterion *criterion, const struct report_style *style)
{
	const struct finding *finding = &criterion->findings[0];
	auto_free char *message = one_line(pick(style, &finding->message));
	struct buf text = {0};
	bool advised;

	layout_wrap(out, "  ", message, style->columns);
	if (finding->scenario_command) {
		add_occasion(&text, finding, style);
		buf_adds(out, "  ");
		paint(out, style, PAINT_DIM, buf_text(&text));
		buf_adds(out, "\n");
		buf_clear(&text);
		write_shrunk(out, finding, style);
	}
	terminal_write_events(out, finding, style);
	write_story(out, verdict, finding, style);
	advised = write_advice(out, verdict, criterion, style);
	if (finding->scenario) {
		if (style->report_path)
			report_show_command(
				&text, style->report_path, criterion->id);
		else
			report_replay_command(&text, verdict, finding);
		layout_wrap_command(out, say(style, "  重现  ", "  replay  "),
			buf_text(&text), style->columns);
	}
	buf_release(&text);
	return advised;
}

/* Where the advice is that was kept back. */
static void write_more_advice(struct buf *out, const struct report_style *style)
{
	buf_addc(out, '\n');
	layout_wrap(out, "",
		say(style,
			"一次改一处，所以其余各项的改法先不显示。要看：grader "
			"explain 逐项讲解（先用 --report FILE "
			"存下报告），grader check --hints 全部显示。",
			"Mend one thing at a time: advice on the other "
			"failures is not shown. To see it: grader explain, one "
			"by one (of a report that --report FILE has written), "
			"or grader check --hints, all."),
		style->columns);
}

/* The findings after the first: one short paragraph each. */
static void write_more(struct buf *out, const struct criterion *criterion,
	const struct report_style *style)
{
	size_t count = criterion->finding_count;

	for (size_t i = 1; i < count && i <= MORE_SHOWN; i++) {
		const struct finding *finding = &criterion->findings[i];
		struct buf text = {0};
		auto_free char *line = NULL;

		if (finding->scenario_command) {
			add_occasion(&text, finding, style);
			buf_adds(&text, say(style, "：", ": "));
		}
		buf_adds(&text, pick(style, &finding->message));
		line = one_line(buf_text(&text));
		layout_wrap(out, say(style, "  还有  ", "  also    "), line,
			style->columns);
		buf_release(&text);
	}
	if (count > MORE_SHOWN + 1)
		buf_addf(out,
			say(style, "  此外还有 %zu 处（--json 显示全部）\n",
				"  and %zu more (--json shows all)\n"),
			count - MORE_SHOWN - 1);
}

static void write_failures(struct buf *out, const struct verdict *verdict,
	const struct report_style *style)
{
	bool kept_back = false;

	for (size_t i = 0; i < verdict->criterion_count; i++) {
		const struct criterion *criterion = &verdict->criteria[i];

		/* what does not compile is told by gcc's own diagnostics */
		if (criterion->state == VERDICT_PASS ||
			!criterion->finding_count || !verdict->compile.ok)
			continue;
		buf_addc(out, '\n');
		paint(out, style, PAINT_BAD, "✗ ");
		paint(out, style, PAINT_BOLD, pick(style, &criterion->title));
		buf_addc(out, '\n');
		if (!write_finding(out, verdict, criterion, style))
			kept_back = true;
		write_more(out, criterion, style);
	}
	if (kept_back)
		write_more_advice(out, style);
}

static void write_header(struct buf *out, const struct verdict *verdict,
	const struct report_style *style)
{
	struct buf left = {0}, right = {0}, fitted = {0};

	buf_addf(&left, "%s · %s", verdict->exercise,
		pick(style, &verdict->exercise_title));
	buf_addf(&right, "%g / %g", verdict->score, verdict->max_score);
	if (verdict->extra_score > 0)
		buf_addf(&right, " +%g", verdict->extra_score);
	layout_fit(&fitted, buf_text(&left),
		style->columns - layout_width(buf_text(&right)) - 1);
	buf_addc(&fitted, ' ');
	paint(out, style, PAINT_BOLD, buf_text(&fitted));
	paint(out, style,
		verdict->state == VERDICT_PASS ? PAINT_GOOD : PAINT_BAD,
		buf_text(&right));
	buf_addc(out, '\n');
	layout_wrap(out, say(style, "提交  ", "submission  "),
		verdict->submission, style->columns);
	if (verdict->compile.command)
		layout_wrap_command(out, say(style, "编译  ", "compiled    "),
			verdict->compile.command, style->columns);
	buf_release(&left);
	buf_release(&fitted);
	buf_release(&right);
}

static void write_criteria(struct buf *out, const struct verdict *verdict,
	const struct report_style *style)
{
	buf_addc(out, '\n');
	for (size_t i = 0; i < verdict->criterion_count; i++)
		terminal_write_criterion(out, &verdict->criteria[i], style);
}

static void write_warnings(struct buf *out, const struct verdict *verdict,
	const struct report_style *style)
{
	if (!verdict->warning_count)
		return;
	buf_addc(out, '\n');
	paint(out, style, PAINT_BOLD,
		say(style, "提醒（不影响分数）",
			"Notes (they change no mark)"));
	buf_addc(out, '\n');
	for (size_t i = 0; i < verdict->warning_count; i++) {
		/* a name of a file may have line breaks */
		auto_free char *line =
			one_line(pick(style, &verdict->warnings[i].text));

		layout_wrap(out, "  · ", line, style->columns);
	}
}

/* Apart from the other notes: the next grading may have none. */
static void write_parallel(struct buf *out, const struct verdict *verdict,
	const struct report_style *style)
{
	const struct verdict_run *run = &verdict->run;

	if (!run->parallel_note_count)
		return;
	buf_addc(out, '\n');
	paint(out, style, PAINT_BOLD,
		say(style, "真正并行运行（不影响分数，每次可能不同）",
			"In true parallel (no mark; may differ each time)"));
	buf_addc(out, '\n');
	for (size_t i = 0; i < run->parallel_note_count; i++)
		layout_wrap(out, "  · ",
			pick(style, &run->parallel_notes[i].text),
			style->columns);
}

static void write_exploration(struct buf *out, const struct verdict *verdict,
	const struct report_style *style)
{
	struct buf text = {0};

	if (!verdict->schedules)
		return;
	buf_addf(&text,
		say(style,
			"在 %zu 个场景里跑了 %zu 个调度，出现 %zu "
			"种不同的执行；种子 %" PRIu64 "，沙箱等级 %c",
			"%zu scenarios, %zu schedules, %zu different "
			"executions; seed %" PRIu64 ", sandbox grade %c"),
		verdict->scenarios, verdict->schedules,
		verdict->distinct_traces, verdict->master_seed,
		verdict->sandbox_grade ? verdict->sandbox_grade : '?');
	if (verdict->exhausted)
		buf_addf(&text,
			say(style, "\n其中 %zu 个场景跑遍了所有次序",
				"\nin %zu of the scenarios all orders"),
			verdict->exhausted);
	buf_addc(out, '\n');
	paint(out, style, PAINT_DIM, buf_text(&text));
	buf_addc(out, '\n');
	buf_release(&text);
}

/* The failure that the next step is about can be explained: its id, or NULL. */
static const char *explained(
	const struct verdict *verdict, const struct report_style *style)
{
	const struct criterion *lead = terminal_lead(verdict);

	return verdict->state != VERDICT_REFUSED && verdict->compile.ok &&
			       lead && lead->finding_count &&
			       lead->findings->scenario && style->report_path
		       ? lead->id
		       : NULL;
}

static void write_next_step(struct buf *out, const struct verdict *verdict,
	const struct report_style *style)
{
	const char *label = say(style, "下一步  ", "Next  ");
	const char *blanks = say(style, "        ", "      ");
	const char *id = explained(verdict, style);
	struct buf text = {0}, command = {0};

	terminal_next_step(&text, verdict, style);
	if (id)
		buf_adds(&text,
			say(style, "看图和讲解：", " See it explained:"));
	buf_addc(out, '\n');
	layout_wrap(out, label, buf_text(&text), style->columns);
	if (id) {
		report_explain_command(&command, style->report_path, id);
		layout_wrap_command(
			out, blanks, buf_text(&command), style->columns);
	}
	buf_release(&command);
	buf_release(&text);
}

static void write_refusal(struct buf *out, const struct verdict *verdict,
	const struct report_style *style)
{
	buf_addc(out, '\n');
	paint(out, style, PAINT_BAD,
		say(style, "没有评分：这份提交不能评。",
			"Not graded: this cannot be graded."));
	buf_addc(out, '\n');
	layout_wrap(out, "  ", pick(style, &verdict->refusal), style->columns);
}

void report_terminal_write(struct buf *out, const struct verdict *verdict,
	const struct report_style *style)
{
	size_t start = out->length;

	write_header(out, verdict, style);
	if (verdict->state == VERDICT_REFUSED) {
		write_refusal(out, verdict, style);
	} else {
		terminal_write_log(out, &verdict->compile, style);
		write_criteria(out, verdict, style);
		write_failures(out, verdict, style);
	}
	terminal_write_marks(out, verdict, style, false);
	write_warnings(out, verdict, style);
	write_parallel(out, verdict, style);
	write_exploration(out, verdict, style);
	write_next_step(out, verdict, style);
	terminal_finish(out, start, style);
}

/* How to mark the first that waits. */
static void write_mark_step(struct buf *out, const struct verdict *verdict,
	const struct report_style *style)
{
	for (size_t i = 0; i < verdict->criterion_count; i++) {
		const struct criterion *criterion = &verdict->criteria[i];
		struct buf command = {0};

		if (criterion->state != VERDICT_NEEDS_GRADING)
			continue;
		report_mark_command(
			&command, style->report_path, criterion->id);
		buf_addc(out, '\n');
		layout_wrap_command(out, say(style, "评分  ", "To mark  "),
			buf_text(&command), style->columns);
		buf_release(&command);
		return;
	}
}

void report_marks_write(struct buf *out, const struct verdict *verdict,
	const struct report_style *style, bool whole)
{
	size_t start = out->length, shown = 0;

	write_header(out, verdict, style);
	buf_addc(out, '\n');
	for (size_t i = 0; i < verdict->criterion_count; i++) {
		const struct criterion *criterion = &verdict->criteria[i];

		if (!criterion->written && !criterion->mark &&
			criterion->state != VERDICT_NEEDS_GRADING)
			continue;
		terminal_write_criterion(out, criterion, style);
		shown++;
	}
	if (!shown)
		buf_adds(out, say(style, "  没有要老师评分的部分。\n",
				      "  Nothing is for a person to mark.\n"));
	terminal_write_marks(out, verdict, style, whole);
	write_mark_step(out, verdict, style);
	terminal_finish(out, start, style);
}
