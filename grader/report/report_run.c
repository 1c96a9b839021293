/*
 * The summary of `grader run`, behind the program's own output: how it
 * ended, what went wrong and where, its processes, what else is worth
 * knowing, and which results other schedules had.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/report/layout.h"
#include "grader/report/report.h"
#include "grader/report/terminal.h"

#define TASKS_SHOWN 24
#define WHO_WIDTH_MAX 20
#define PLACE_WIDTH_MAX 20
#define FILES_SHOWN 8
#define LINE_WIDTH_MAX 60
#define FATE_WIDTH_MIN 12
#define LIVED_WIDTH_MAX 24
#define PLACE_TITLE_WIDTH 7
#define LIVED_TITLE_WIDTH 10

static void write_title(
	struct buf *out, const char *text, const struct report_style *style)
{
	buf_addc(out, '\n');
	paint(out, style, PAINT_BOLD, text);
	buf_addc(out, '\n');
}

/* Adds " · TEXT" when it fits behind USED columns; takes TEXT over. */
static void add_fact(struct buf *facts, char *text, size_t used, size_t columns)
{
	if (used + layout_width(buf_text(facts)) + layout_width(text) + 4 <=
		columns)
		buf_addf(facts, " · %s", text);
	free(text);
}

static void add_facts(struct buf *facts, const struct account *account,
	size_t used, const struct report_style *style)
{
	size_t columns = style->columns;

	add_fact(facts,
		xasprintf(say(style, "虚拟时间 %.3f 秒",
				  "%.3f s of virtual time"),
			(double)account->virtual_us / 1e6),
		used, columns);
	if (account->processes > 1)
		add_fact(facts,
			xasprintf(say(style, "%zu 个进程", "%zu processes"),
				account->processes),
			used, columns);
	if (account->threads > 0)
		add_fact(facts,
			xasprintf(say(style, "另有 %zu 个线程",
					  account->threads == 1
						  ? "%zu more thread"
						  : "%zu more threads"),
				account->threads),
			used, columns);
	buf_addc(facts, ' ');
}

/* One line between the program's words and ours. */
static void write_headline(struct buf *out, const struct account *account,
	const struct report_style *style)
{
	bool failed = account->problem_count > 0;
	const char *ending = pick(style, &account->ending);
	struct buf facts = {0};
	size_t used = layout_width("─── ✓ ") + layout_width(ending);

	add_facts(&facts, account, used, style);
	used += layout_width(buf_text(&facts));
	paint(out, style, PAINT_DIM, "───");
	paint(out, style,
		account->well ? PAINT_GOOD
		: failed      ? PAINT_BAD
			      : PAINT_ATTENTION,
		account->well ? " ✓ "
		: failed      ? " ✗ "
			      : " ! ");
	paint(out, style, PAINT_BOLD, ending);
	for (; used < style->columns; used++)
		buf_adds(&facts, "─");
	paint(out, style, PAINT_DIM, buf_text(&facts));
	buf_addc(out, '\n');
	buf_release(&facts);
}

static void write_problems(struct buf *out, const struct account *account,
	const struct report_style *style)
{
	for (size_t i = 0; i < account->problem_count; i++) {
		const struct finding *problem = &account->problems[i];
		auto_free char *text = one_line(pick(style, &problem->message));

		buf_addc(out, '\n');
		layout_wrap(out, "  ", text, style->columns);
		if (problem->event_count == 0)
			continue;
		terminal_write_events(out, problem, style);
		/* it ends with an empty line, and every section begins so */
		out->data[--out->length] = '\0';
	}
}

struct task_columns {
	size_t who, place, lived;
};

static char *indented_name(const struct account_task *task)
{
	size_t depth = task->depth < 6 ? task->depth : 6;

	return xasprintf("%*s%s", (int)(2 * depth), "", task->who);
}

/* "0.000 – 1.000 s"; without an end when it lived on. */
static char *tell_life(const struct account_task *task)
{
	double born = (double)task->born_us / 1e6;

	if (task->died_us < 0)
		return xasprintf("%.3f –", born);
	return xasprintf("%.3f – %.3f s", born, (double)task->died_us / 1e6);
}

static struct task_columns measure_tasks(const struct account *account)
{
	struct task_columns columns = {0, 0, 0};

	for (size_t i = 0; i < account->task_count && i < TASKS_SHOWN; i++) {
		const struct account_task *task = &account->tasks[i];
		auto_free char *name = indented_name(task);
		auto_free char *lived = tell_life(task);

		columns.lived =
			terminal_widest(columns.lived, lived, LIVED_WIDTH_MAX);
		columns.who = terminal_widest(columns.who, name, WHO_WIDTH_MAX);
		columns.place = terminal_widest(
			columns.place, task->made_at, PLACE_WIDTH_MAX);
	}
	if (columns.place > 0 && columns.place < PLACE_TITLE_WIDTH)
		columns.place = PLACE_TITLE_WIDTH;
	if (columns.lived < LIVED_TITLE_WIDTH)
		columns.lived = LIVED_TITLE_WIDTH;
	return columns;
}

/* What became of the task, in lines behind INDENT columns. */
static void write_fate(struct buf *out, const struct account_task *task,
	size_t indent, const struct report_style *style)
{
	size_t room =
		style->columns > indent + 20 ? style->columns - indent : 20;
	struct buf text = {0}, lines = {0};
	const char *line;

	buf_adds(&text, pick(style, &task->fate));
	if (task->fate_at)
		buf_addf(&text, say(style, "（%s）", " (%s)"), task->fate_at);
	layout_wrap(&lines, "", buf_text(&text), room);
	for (line = buf_text(&lines); *line;) {
		size_t length = strcspn(line, "\n");
		auto_free char *one = xstrndup(line, length);

		if (line != lines.data)
			layout_pad(out, "", indent);
		if (task->well)
			buf_adds(out, one);
		else
			paint(out, style, PAINT_BAD, one);
		buf_addc(out, '\n');
		line += length + 1;
	}
	buf_release(&text);
	buf_release(&lines);
}

/* "  child 1  a.c:12  0.000 – 1.000 s  exit 3" */
static void write_task(struct buf *out, const struct account_task *task,
	const struct task_columns *columns, const struct report_style *style)
{
	auto_free char *name = indented_name(task);
	auto_free char *lived = tell_life(task);
	struct buf cell = {0};
	size_t indent = 2 + columns->who + 2 + columns->lived + 2;

	buf_adds(out, "  ");
	layout_fit(out, name, columns->who);
	buf_adds(out, "  ");
	if (columns->place > 0) {
		layout_pad(&cell, task->made_at ? task->made_at : "",
			columns->place);
		paint(out, style, PAINT_DIM, buf_text(&cell));
		buf_adds(out, "  ");
		indent += columns->place + 2;
	}
	layout_pad(out, lived, columns->lived);
	buf_adds(out, "  ");
	write_fate(out, task, indent, style);
	buf_release(&cell);
}

static void write_task_titles(struct buf *out,
	const struct task_columns *columns, const struct report_style *style)
{
	struct buf line = {0};

	layout_pad(&line, "  ", columns->who + 4);
	if (columns->place > 0)
		layout_pad(&line, say(style, "创建于", "made at"),
			columns->place + 2);
	layout_pad(
		&line, say(style, "活着的时间", "lived"), columns->lived + 2);
	buf_adds(&line, say(style, "结局", "end"));
	paint(out, style, PAINT_DIM, buf_text(&line));
	buf_addc(out, '\n');
	buf_release(&line);
}

static void write_tasks(struct buf *out, const struct account *account,
	const struct report_style *style)
{
	struct task_columns columns = measure_tasks(account);
	size_t all = account->processes + account->threads, i;

	if (all < 2)
		return;
	write_title(out,
		account->threads
			? say(style, "进程和线程", "Processes and threads")
			: say(style, "进程", "Processes"),
		style);
	write_task_titles(out, &columns, style);
	for (i = 0; i < account->task_count && i < TASKS_SHOWN; i++)
		write_task(out, &account->tasks[i], &columns, style);
	if (i < all)
		buf_addf(out,
			say(style, "  ……还有 %zu 个\n", "  ... and %zu more\n"),
			all - i);
}

/* "count.txt (2 bytes), log (not a regular file)" */
static void add_files(struct buf *out, const struct run_outcome *outcome,
	const struct report_style *style)
{
	for (size_t i = 0; i < outcome->file_count && i < FILES_SHOWN; i++) {
		const struct run_file *file = &outcome->files[i];

		buf_adds(out, i ? say(style, "、", ", ") : "");
		buf_add_clean(out, file->name, strlen(file->name));
		if (file->regular)
			buf_addf(out,
				say(style, "（%zu 字节）", " (%zu bytes)"),
				file->length);
	}
	if (outcome->file_count > FILES_SHOWN)
		buf_addf(out, say(style, " 等 %zu 个", " and %zu more"),
			style->language == LANGUAGE_ZH
				? outcome->file_count
				: outcome->file_count - FILES_SHOWN);
}

static void write_notes(struct buf *out, const struct run_summary *summary,
	const struct report_style *style)
{
	const struct verdict *notes = &summary->account->notes;
	const struct run_outcome *outcome = summary->outcome;
	struct buf files = {0};

	if (!notes->warning_count && !outcome->file_count)
		return;
	write_title(out, say(style, "值得知道", "Worth knowing"), style);
	for (size_t i = 0; i < notes->warning_count; i++)
		layout_wrap(out, "  · ", pick(style, &notes->warnings[i].text),
			style->columns);
	if (outcome->file_count) {
		buf_adds(&files, say(style, "结束时文件夹里有：",
					 "files in its folder at the end: "));
		add_files(&files, outcome, style);
		layout_wrap(out, "  · ", buf_text(&files), style->columns);
	}
	buf_release(&files);
}

/* By which line a result is known among the others. */
static void write_telling(struct buf *out, const struct outcome_result *result,
	const struct report_style *style)
{
	bool explained = *pick(style, &result->problem) != '\0';
	const char *line = result->telling ? result->telling
			   : explained     ? NULL
					   : result->missing;
	struct buf text = {0};

	if (line) {
		auto_free char *flat = one_line(line);

		buf_adds(&text,
			result->telling
				? say(style, "输出：", "prints: ")
				: say(style, "没有这一行：", "without: "));
		layout_fit(&text, flat,
			layout_width(flat) < LINE_WIDTH_MAX ? layout_width(flat)
							    : LINE_WIDTH_MAX);
	}
	if (result->order_count > 1)
		buf_addf(&text,
			say(style, "%s这些行有 %zu 种先后次序",
				"%sits lines came in %zu different orders"),
			line ? say(style, "；", "; ") : "",
			result->order_count);
	if (text.length)
		layout_wrap(out, "        ", buf_text(&text), style->columns);
	buf_release(&text);
}

static void write_result(struct buf *out, const struct run_summary *summary,
	const struct outcome_result *result, const struct report_style *style)
{
	auto_free char *count = xasprintf("%zu×", result->runs);
	auto_free char *options = xasprintf(" --seed %" PRIu64 " --policy %s",
		result->seed, schedule_policy_name(result->policy));
	const char *trouble = pick(style, &result->trouble);
	struct buf command = {0};

	layout_pad_left(out, count, 6);
	buf_adds(out, "  ");
	paint(out, style, result->well ? PAINT_GOOD : PAINT_BAD,
		pick(style, &result->ending));
	if (*trouble) {
		buf_adds(out, " · ");
		paint(out, style, PAINT_ATTENTION, trouble);
	}
	buf_addc(out, '\n');
	/* of the first result the summary has told it */
	if (result != summary->outcomes->results &&
		*pick(style, &result->problem))
		layout_wrap(out, "        ", pick(style, &result->problem),
			style->columns);
	write_telling(out, result, style);
	report_run_command(&command, summary->call, options);
	layout_wrap_command(
		out, "        ", buf_text(&command), style->columns);
	buf_release(&command);
}

static void write_outcomes(struct buf *out, const struct run_summary *summary,
	const struct report_style *style)
{
	const struct outcomes *outcomes = summary->outcomes;
	struct buf title = {0};

	if (outcomes->count == 1)
		buf_addf(&title,
			say(style, "%zu 个调度，结果都一样",
				"%zu schedules, all with the same result"),
			outcomes->runs);
	else
		buf_addf(&title,
			say(style, "%zu 个调度，出现 %zu 种不同的结果",
				"%zu schedules, %zu different results"),
			outcomes->runs, outcomes->count);
	if (outcomes->failed > 0)
		buf_addf(&title,
			say(style, "，其中 %zu 个调度出了错",
				"; %zu schedules went wrong"),
			outcomes->failed);
	write_title(out, buf_text(&title), style);
	buf_release(&title);
	for (size_t i = 0; i < outcomes->count && i < OUTCOMES_TOLD; i++)
		write_result(out, summary, &outcomes->results[i], style);
	if (outcomes->runs < summary->schedules)
		layout_wrap(out, "  ",
			say(style, "没有再跑下去：每一次都要等到超出限制才停。",
				"No more were run, as each goes on until it "
				"hits a limit."),
			style->columns);
	if (outcomes->count > OUTCOMES_TOLD)
		buf_addf(out,
			say(style, "        ……还有 %zu 种\n",
				"        ... and %zu more\n"),
			outcomes->count - OUTCOMES_TOLD);
}

/* What one could do next when all went well in one schedule. */
static void write_next(struct buf *out, const struct run_summary *summary,
	const struct report_style *style)
{
	const struct account *account = summary->account;
	struct buf command = {0};

	if (summary->outcomes || !account->well ||
		account->processes + account->threads < 2)
		return;
	report_run_command(&command, summary->call, " --schedules 50");
	buf_addc(out, '\n');
	layout_wrap(out, "",
		say(style,
			"这只是各步骤的一种先后次序；别的次序可能有别的结果：",
			"This was one order of its steps; others may end "
			"otherwise:"),
		style->columns);
	layout_wrap_command(out, "  ", buf_text(&command), style->columns);
	buf_release(&command);
}

void report_run_write(struct buf *out, const struct run_summary *summary,
	const struct report_style *style)
{
	size_t start = out->length;

	write_headline(out, summary->account, style);
	write_problems(out, summary->account, style);
	write_tasks(out, summary->account, style);
	write_notes(out, summary, style);
	if (summary->outcomes)
		write_outcomes(out, summary, style);
	write_next(out, summary, style);
	terminal_finish(out, start, style);
}
