/*
 * How processes begin and end: one that runs on into its parent's code, one
 * that nobody waits for, one that outlives main, one that is killed.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/explain/recognise.h"

/* How main waited for its children. */
struct waiting {
	size_t calls;  /* waits that blocked or took a child */
	size_t reaped; /* children it took */
	size_t made;
	size_t last; /* event of its last wait, or the number of events */
};

static struct waiting waiting_of_main(const struct observed_run *run)
{
	const struct trace *trace = run->trace;
	struct waiting waiting = {.last = trace->event_count};

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];
		bool waits =
			event->kind == EVENT_WAIT && acts_on(event, "child");

		if (observed_process(run, event->task) != 0)
			continue;
		if (event->kind == EVENT_FORK && event->value != 1)
			waiting.made++;
		if (event->kind == EVENT_REAP && event->call &&
			strcmp(event->call, "auto") != 0)
			waiting.reaped++;
		if (waits || event->kind == EVENT_REAP) {
			waiting.calls++;
			waiting.last = i;
		}
	}
	return waiting;
}

bool dies_with_main(const struct exercise *exercise)
{
	for (size_t i = 0; i < exercise->criterion_count; i++)
		for (size_t j = 0; j < exercise->criteria[i].rule_count; j++) {
			const char *kind =
				exercise->criteria[i].rules[j].kind->name;

			if (!strcmp(kind, "ends-with-main") ||
				!strcmp(kind, "alive-at"))
				return true;
		}
	return false;
}

/* Processes that live on when main has ended; *AT is the first one's event. */
static size_t find_left(const struct observed_run *run, int *who, size_t *at)
{
	const struct trace *trace = run->trace;
	size_t count = 0;

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (event->kind != EVENT_LEFT || event->task < 0 ||
			observed_process(run, event->task) != event->task)
			continue;
		if (count == 0)
			*at = i;
		who[count++] = event->task;
	}
	return count;
}

static void tell_waits(const struct observed_run *run, struct story *story)
{
	struct waiting waiting = waiting_of_main(run);
	const char *who = story_who(story, 0);

	if (waiting.calls == 0) {
		story_zh(story, "%s 一次也没有等过子进程。", who);
		story_en(story, "%s never waited for a child. ", who);
	} else {
		story_zh(story, "%s 创建了 %zu 个子进程，等到了 %zu 个（%s）。",
			who, waiting.made, waiting.reaped,
			story_at(story, waiting.last));
		story_en(story,
			"%s made %zu children and waited for %zu of them "
			"(%s). ",
			who, waiting.made, waiting.reaped,
			story_at(story, waiting.last));
	}
}

static bool tell_left(const struct symptom *symptom, struct story *story)
{
	const struct observed_run *run = symptom->run;
	size_t exit = observed_main_exit(run), at = 0, count;
	auto_free int *who = xcalloc(run->trace->task_count + 1, sizeof(*who));

	count = find_left(run, who, &at);
	if (count == 0 || exit == run->trace->event_count)
		return false;
	story_zh(story, "%s 结束时（%s），%s 还活着（%s 停在 %s）。",
		story_who(story, 0), story_at(story, exit),
		story_names_zh(story, who, count), story_who(story, who[0]),
		story_at(story, at));
	story_en(story, "when %s ended (%s), %s still lived (%s was at %s). ",
		story_who(story, 0), story_at(story, exit),
		story_names_en(story, who, count), story_who(story, who[0]),
		story_at(story, at));
	return true;
}

bool recognise_missing_wait(const struct symptom *symptom, struct story *story)
{
	struct waiting waiting = waiting_of_main(symptom->run);

	if (dies_with_main(symptom->run->exercise) ||
		waiting.reaped >= waiting.made || !tell_left(symptom, story))
		return false;
	tell_waits(symptom->run, story);
	return true;
}

bool recognise_orphan(const struct symptom *symptom, struct story *story)
{
	const struct observed_run *run = symptom->run;
	bool killed = false;

	if (!tell_left(symptom, story))
		return false;
	for (size_t i = 0; i < run->trace->event_count; i++)
		if (run->trace->events[i].kind == EVENT_FAULT &&
			run->trace->events[i].signal &&
			observed_process(run, run->trace->events[i].task) == 0)
			killed = true;
	if (killed) {
		story_zh(story, "主进程是被杀死的，来不及善后，而内核不会因为"
				"父进程死了就结束子进程。");
		story_en(story, "main was killed and could not clean up, and "
				"the kernel does not end a child because its "
				"parent died.");
	} else {
		story_zh(story, "内核不会因为父进程结束就结束子进程。");
		story_en(story, "The kernel does not end a child because its "
				"parent ended.");
	}
	return true;
}

bool recognise_zombie(const struct symptom *symptom, struct story *story)
{
	const struct observed_run *run = symptom->run;
	const struct trace *trace = run->trace;
	auto_free int *who = xcalloc(trace->task_count + 1, sizeof(*who));
	size_t exit = observed_main_exit(run), count = 0, ended;

	for (size_t i = 0; i < trace->event_count; i++)
		if (trace->events[i].kind == EVENT_ZOMBIE &&
			trace->events[i].task >= 0)
			who[count++] = trace->events[i].task;
	if (count == 0 || exit == trace->event_count)
		return false;
	ended = last_before(run, EVENT_EXIT, who[0], trace->event_count);
	if (ended == trace->event_count)
		return false;
	story_zh(story, "%s 早已结束（%s），到 %s 结束时（%s）还没有人回收。",
		story_names_zh(story, who, count), story_at(story, ended),
		story_who(story, 0), story_at(story, exit));
	story_en(story,
		"%s had ended (%s) but had not been waited for when %s ended "
		"(%s). ",
		story_names_en(story, who, count), story_at(story, ended),
		story_who(story, 0), story_at(story, exit));
	tell_waits(run, story);
	return true;
}

/* A fork of MADE by a child at the very call with which main forks. */
static size_t forks_like_main(const struct observed_run *run, size_t *like)
{
	const struct trace *trace = run->trace;

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (event->kind != EVENT_FORK || event->value == 1 ||
			!event->pc || observed_process(run, event->task) <= 0)
			continue;
		for (size_t j = 0; j < i; j++) {
			const struct event *own = &trace->events[j];

			if (own->kind != EVENT_FORK || own->pc != event->pc ||
				observed_process(run, own->task) != 0)
				continue;
			*like = j;
			return i;
		}
	}
	return trace->event_count;
}

/* A line that main's own code prints, printed by a child. */
static size_t speaks_like_main(const struct observed_run *run, size_t *like)
{
	const struct trace *trace = run->trace;

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (event->kind != EVENT_OUTPUT || !event->pc || !event->text ||
			observed_process(run, event->task) <= 0)
			continue;
		for (size_t j = 0; j < trace->event_count; j++) {
			const struct event *own = &trace->events[j];

			if (own->kind != EVENT_OUTPUT || own->pc != event->pc ||
				!own->text || strcmp(own->text, event->text) ||
				observed_process(run, own->task) != 0)
				continue;
			*like = j;
			return i;
		}
	}
	return trace->event_count;
}

bool recognise_child_runs_on(const struct symptom *symptom, struct story *story)
{
	const struct observed_run *run = symptom->run;
	const struct trace *trace = run->trace;
	size_t like = 0, at = forks_like_main(run, &like);
	const char *who;

	if (at < trace->event_count) {
		who = story_who(story, trace->events[at].task);
		story_zh(story,
			"%s 是子进程，却也执行了主进程创建子进程的那一行"
			"（主进程：%s；它：%s），又生出了 %s：它做完自己的事"
			"没有退出，接着跑了父进程的代码。",
			who, story_at(story, like), story_at(story, at),
			story_who(story, trace->events[at].other));
		story_en(story,
			"%s is a child, yet it executed the line with which "
			"main makes children (%s; main: %s) and made %s: it "
			"did not exit when its own part was done and ran on in "
			"its parent's code.",
			who, story_at(story, at), story_at(story, like),
			story_who(story, trace->events[at].other));
		return true;
	}
	/* a copied buffer looks the same, and a deadlock needs more */
	if (run->scenario->stdout_kind == RUN_STDOUT_PIPE ||
		rule_is(symptom, "ends"))
		return false;
	at = speaks_like_main(run, &like);
	if (at == trace->event_count)
		return false;
	who = story_who(story, trace->events[at].task);
	story_zh(story,
		"“%s”是主进程的话（%s），%s 执行到同一行，也打印了一遍（%s）："
		"子进程做完自己的事没有退出，接着跑了父进程的代码。",
		trace->events[at].text, story_at(story, like), who,
		story_at(story, at));
	story_en(story,
		"'%s' is what main says (%s); %s came to the same line and "
		"said it too (%s): the child did not exit when its own part "
		"was done and ran on in its parent's code.",
		trace->events[at].text, story_at(story, like), who,
		story_at(story, at));
	return true;
}

/* The signal with which the process was ended by another one, or none. */
static size_t killing(const struct observed_run *run, size_t ended)
{
	const struct trace *trace = run->trace;
	const struct event *exit = &trace->events[ended];

	for (size_t i = ended; i > 0; i--) {
		const struct event *event = &trace->events[i - 1];

		if (event->kind == EVENT_SIGNAL_SENT &&
			event->signal == exit->signal && event->other >= 0 &&
			observed_process(run, event->other) ==
				observed_process(run, exit->task))
			return i - 1;
	}
	return trace->event_count;
}

bool recognise_killed(const struct symptom *symptom, struct story *story)
{
	const struct observed_run *run = symptom->run;
	const struct trace *trace = run->trace;

	if (rule_is(symptom, "ends-by") &&
		!strcmp(rule_text(symptom->rule, "by"), "signal"))
		return false; /* a signal is asked for */
	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];
		const char *signal, *who, *by;
		size_t sent;

		if (event->kind != EVENT_EXIT || !event->signal ||
			observed_process(run, event->task) <= 0)
			continue;
		sent = killing(run, i);
		if (sent == trace->event_count)
			continue;
		signal = sigabbrev_np(event->signal);
		who = story_who(story, event->task);
		by = story_who(story, trace->events[sent].task);
		story_zh(story,
			"%s 向 %s 发了 SIG%s（%s），%s 就在第 %.3f s 被杀了，"
			"手里的事没有做完，也没有机会自己结束。",
			by, who, signal, story_at(story, sent), who,
			(double)event->time_us / 1e6);
		story_en(story,
			"%s sent SIG%s to %s (%s), which was killed by it at "
			"%.3f s: what it was doing was not finished, and it "
			"could not end by itself.",
			by, signal, who, story_at(story, sent),
			(double)event->time_us / 1e6);
		return true;
	}
	return false;
}
