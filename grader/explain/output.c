/*
 * Lines that a buffer lost or doubled.  Only when standard output is a pipe
 * does the C library keep lines back; a terminal gets each at once.
 */
#include <string.h>

#include "base/alloc.h"
#include "grader/explain/recognise.h"
#include "grader/rules/lines.h"

static bool is_line(const struct event *event)
{
	return event->kind == EVENT_OUTPUT && acts_on(event, "stdout") &&
	       event->text && event->task >= 0;
}

/* The fork that made the process, or the number of events. */
static size_t fork_of(const struct observed_run *run, int process)
{
	const struct trace *trace = run->trace;

	for (size_t i = 0; i < trace->event_count; i++)
		if (trace->events[i].kind == EVENT_FORK &&
			trace->events[i].other == process)
			return i;
	return trace->event_count;
}

/* The first line that the process wrote after FROM, or the number. */
static size_t first_line(
	const struct observed_run *run, int process, size_t from)
{
	const struct trace *trace = run->trace;

	for (size_t i = from; i < trace->event_count; i++)
		if (is_line(&trace->events[i]) &&
			observed_process(run, trace->events[i].task) == process)
			return i;
	return trace->event_count;
}

/* Was anything of it written between its birth and the event? */
static bool is_first_write(const struct observed_run *run, size_t line)
{
	int process = observed_process(run, run->trace->events[line].task);
	size_t born = fork_of(run, process);

	return first_line(run, process, born) == line;
}

/*
 * A child whose first line out is the one that its parent, too, writes first
 * after the fork: both had it in their buffers.
 */
bool recognise_doubled(const struct symptom *symptom, struct story *story)
{
	const struct observed_run *run = symptom->run;
	const struct trace *trace = run->trace;

	if (run->scenario->stdout_kind != RUN_STDOUT_PIPE)
		return false;
	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *line = &trace->events[i];
		int child = observed_process(run, line->task), parent;
		size_t born, own;

		if (!is_line(line) || child <= 0 || !is_first_write(run, i))
			continue;
		born = fork_of(run, child);
		if (born == trace->event_count)
			continue;
		parent = observed_process(run, trace->events[born].task);
		own = first_line(run, parent, born);
		if (own == trace->event_count ||
			strcmp(trace->events[own].text, line->text) != 0)
			continue;
		story_zh(story,
			"标准输出是管道，%s 打印的“%s”先留在缓冲区里；它 fork "
			"出 %s 时（%s），缓冲区也被复制了一份。后来 %s（%s）和 "
			"%s（%"
			"s）各把自己的那一份写了出去，这一行就出现了两次。",
			story_who(story, parent), line->text,
			story_who(story, child), story_at(story, born),
			story_who(story, child), story_at(story, i),
			story_who(story, parent), story_at(story, own));
		story_en(story,
			"standard output is a pipe, so '%s' of %s stayed in "
			"the buffer; when it forked %s (%s) the buffer was "
			"copied too. Later %s (%s) and %s (%s) wrote out one "
			"copy each, so the line came twice.",
			line->text, story_who(story, parent),
			story_who(story, child), story_at(story, born),
			story_who(story, child), story_at(story, i),
			story_who(story, parent), story_at(story, own));
		return true;
	}
	return false;
}

/*
 * A kind of line that the rule compares, of which the other run had some and
 * this one has none; NULL if there is no such kind.
 */
static const char *lost_kind(const struct symptom *symptom)
{
	const struct observed_run *run = symptom->run;
	const struct rule_value *kinds =
		rule_get(symptom->rule, "observations");

	for (size_t i = 0; i < kinds->count; i++) {
		const char *label = line_label(run, kinds->texts[i]);
		bool here = false, there = false;

		for (size_t j = 0; j < run->observation_count; j++)
			if (!strcmp(run->observations[j].kind, kinds->texts[i]))
				here = true;
		for (char **line = symptom->memory->lines; *line; line++)
			if (!strncmp(*line, label, strlen(label)))
				there = true;
		if (there && !here)
			return label;
	}
	return NULL;
}

/* Did a process that was made by the same call of main write anything? */
static bool kin_spoke(const struct observed_run *run, size_t born)
{
	const struct trace *trace = run->trace;

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (event->kind == EVENT_FORK &&
			event->pc == trace->events[born].pc &&
			event->task == trace->events[born].task &&
			first_line(run, event->other, i) < trace->event_count)
			return true;
	}
	return false;
}

/* It had begun its work: what it says first lies before that. */
static bool has_worked(const struct observed_run *run, int process)
{
	const struct trace *trace = run->trace;

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (observed_process(run, event->task) == process &&
			(event->kind == EVENT_SLEEP ||
				event->kind == EVENT_GET ||
				event->kind == EVENT_READ))
			return true;
	}
	return false;
}

/* Nobody but it can have printed what main did not. */
static bool is_only_child(const struct observed_run *run)
{
	size_t count = 0;

	for (size_t i = 1; i < run->trace->task_count; i++)
		count += !run->trace->tasks[i].is_thread;
	return count == 1;
}

/*
 * Children that ended by _exit() or a signal without having written anything,
 * as all their kin.
 */
static size_t find_silent(
	const struct observed_run *run, int *who, size_t *ended)
{
	const struct trace *trace = run->trace;
	size_t count = 0;

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];
		int process = observed_process(run, event->task);
		size_t born;

		if (event->kind != EVENT_EXIT || event->task != process ||
			process <= 0 || (!event->signal && !event->call))
			continue;
		born = fork_of(run, process);
		if (born == trace->event_count || kin_spoke(run, born) ||
			!(has_worked(run, process) ||
				(event->status == 0 && is_only_child(run))))
			continue;
		if (count == 0)
			*ended = i;
		who[count++] = process;
	}
	return count;
}

static void tell_why_lost(bool killed, struct story *story)
{
	if (killed) {
		story_zh(story, "管道是全缓冲的：printf 的内容还在进程自己的"
				"缓冲区里，被信号杀死时没有人把它写出去。");
		story_en(story, "A pipe is fully buffered: what printf made "
				"was still in the buffer, and nobody writes "
				"that out when a signal kills the process.");
	} else {
		story_zh(story,
			"管道是全缓冲的：printf 的内容还在进程自己的"
			"缓冲区里，_exit 不刷新它，内容就随进程一起没了。");
		story_en(story, "A pipe is fully buffered: what printf made "
				"was still in the buffer, which _exit does not "
				"flush.");
	}
}

/*
 * Lines of that kind did arrive on a terminal, so they are printed; here not
 * one of them comes, and there are processes of which not one byte was
 * written, while no other that began at the same call did better.
 */
bool recognise_lost_output(const struct symptom *symptom, struct story *story)
{
	const struct observed_run *run = symptom->run;
	const struct trace *trace = run->trace;
	auto_free int *who = xcalloc(trace->task_count + 1, sizeof(*who));
	size_t ended = 0, count;
	const char *label;
	bool killed;

	if (run->scenario->stdout_kind != RUN_STDOUT_PIPE ||
		run->outcome->end != RUN_END_EXITED || !symptom->memory->lines)
		return false;
	label = lost_kind(symptom);
	count = find_silent(run, who, &ended);
	if (!label || count == 0)
		return false;
	killed = trace->events[ended].signal != 0;
	story_zh(story,
		"接到终端时有的“%s”，接到管道一行也没有：%s 直到%s（%s），"
		"一个字节也没有写到标准输出。",
		label, story_names_zh(story, who, count),
		killed ? "被杀" : "用 _exit 结束", story_at(story, ended));
	story_en(story,
		"on a terminal '%s' comes, in a pipe not once: %s had not "
		"written one byte to standard output when %s (%s). ",
		label, story_names_en(story, who, count),
		killed ? "killed" : "it left by _exit", story_at(story, ended));
	tell_why_lost(killed, story);
	return true;
}
