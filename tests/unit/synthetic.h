/*
 * Synthetic runs for tests of rules: an exercise with one rule, and a trace
 * made event by event.  Texts of JSON are written with ' for ".
 */
#ifndef TESTS_SYNTHETIC_H
#define TESTS_SYNTHETIC_H

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/exercise.h"
#include "grader/observe.h"
#include "grader/rules/rule.h"

#define SECOND INT64_C(1000000)

/* SCENARIO: more fields of the scenarios; RULE: the rule. */
#define SYNTHETIC_EXERCISE                                                     \
	"{'id':'x','title':{'zh':'甲','en':'x'},'program':'x','patterns':["   \
	"{'kind':'made','label':'made','who':'cook {who}','subject':'who',"    \
	"'pattern':'(?<who>\\\\w+)made(?<what>[a-z]+)(?<n>[0-9]+)'},"          \
	"{'kind':'ate','label':'ate','who':'guest {who}','subject':'who',"     \
	"'pattern':'(?<who>\\\\w+)ate(?<what>[a-z]+)(?<n>[0-9]+)'},"           \
	"{'kind':'sold','label':'sold','who':'buyer {who}','subject':'who',"   \
	"'pattern':'(?<who>[0-9]+)sold'},"                                     \
	"{'kind':'end','label':'end','pattern':'end'}],"                       \
	"'scenarios':[{'id':'one','arguments':[],'values':{'count':3},"        \
	"'files':[{'name':'db','text':'{\\'count\\':3}','watched':true}]%s},"  \
	"{'id':'two','arguments':['2'],'values':{'count':3}}],"                \
	"'criteria':[{'id':'c','title':{'zh':'甲','en':'c'},'points':100,"    \
	"'scenarios':['one','two'],'rules':[%s]}]}"

struct synthetic {
	struct exercise *exercise;
	struct run_outcome outcome;
	struct observed_run run;
	struct rule_memory memory;
	struct rule_result result;
};

static inline void double_quotes(char *text)
{
	for (char *at = text; *at; at++)
		if (*at == '\'')
			*at = '"';
}

static inline struct synthetic synthetic_new(
	const char *scenario, const char *rule)
{
	char *json = xasprintf(SYNTHETIC_EXERCISE, scenario, rule);
	struct synthetic made = {0};
	struct err err = {{0}};

	double_quotes(json);
	cr_assert(exercise_parse(&made.exercise, json, strlen(json), "x.json",
			  &err) == 0,
		"%s", err.text);
	free(json);
	trace_add_task(&made.outcome.trace, -1, false, 2, 0);
	made.outcome.main_status = -1;
	return made;
}

static inline int add_task(
	struct synthetic *s, int parent, bool is_thread, int64_t at_us)
{
	struct trace *trace = &s->outcome.trace;
	int task = trace_add_task(
		trace, parent, is_thread, 2 + (int)trace->task_count, at_us);
	struct event event = event_make(EVENT_FORK, parent);

	event.other = task;
	event.value = is_thread;
	event.time_us = at_us;
	trace_append(trace, &event);
	return task;
}

static inline struct event *last_event(struct synthetic *s)
{
	return &s->outcome.trace.events[s->outcome.trace.event_count - 1];
}

static inline void add_event(struct synthetic *s, enum event_kind kind,
	int task, int64_t at_us, const char *object, const char *text)
{
	struct event event = event_make(kind, task);

	event.time_us = at_us;
	event.object = object;
	event.text = text;
	event.value = text ? (int64_t)strlen(text) : 0;
	trace_append(&s->outcome.trace, &event);
}

static inline void add_line(
	struct synthetic *s, int task, int64_t at_us, const char *text)
{
	add_event(s, EVENT_OUTPUT, task, at_us, "stdout", text);
}

static inline void add_change(
	struct synthetic *s, int task, int64_t at_us, const char *after)
{
	struct event event = event_make(EVENT_WRITE, task);

	event.time_us = at_us;
	event.object = "db";
	event.text = after;
	event.after = after;
	trace_append(&s->outcome.trace, &event);
}

static inline void add_exit(
	struct synthetic *s, int task, int64_t at_us, int status, int number)
{
	struct event event = event_make(EVENT_EXIT, task);

	event.time_us = at_us;
	event.status = status;
	event.signal = number;
	trace_append(&s->outcome.trace, &event);
	if (task != 0)
		return;
	s->outcome.main_ended = true;
	s->outcome.main_status = status;
	s->outcome.main_signal = number;
	s->outcome.main_end_us = at_us;
}

static inline void add_final_file(struct synthetic *s, const char *data)
{
	s->outcome.files = xcalloc(1, sizeof(*s->outcome.files));
	s->outcome.files[0].name = xstrdup("db");
	s->outcome.files[0].data = xstrdup(data);
	s->outcome.files[0].length = strlen(data);
	s->outcome.files[0].regular = true;
	s->outcome.file_count = 1;
}

/* Judges the run as one of scenario number SCENARIO, then forgets its trace. */
static inline enum rule_state judge_scenario(
	struct synthetic *s, size_t scenario)
{
	const struct rule *rule = &s->exercise->criteria[0].rules[0];
	enum rule_state state;

	s->run = (struct observed_run){
		.exercise = s->exercise,
		.scenario = &s->exercise->scenarios[scenario],
		.outcome = &s->outcome,
		.trace = &s->outcome.trace,
	};
	observe_run(&s->run);
	rule_result_release(&s->result);
	rule_judge(rule, &s->run, &s->memory, &s->result);
	state = s->result.state;
	if (state != RULE_HOLDS) {
		cr_expect(s->result.message.zh && *s->result.message.zh);
		cr_expect(s->result.message.en && *s->result.message.en);
	}
	observed_run_release(&s->run);
	trace_release(&s->outcome.trace);
	trace_add_task(&s->outcome.trace, -1, false, 2, 0);
	return state;
}

static inline void synthetic_release(struct synthetic *s)
{
	rule_result_release(&s->result);
	rule_memory_release(&s->memory);
	trace_release(&s->outcome.trace);
	for (size_t i = 0; i < s->outcome.file_count; i++) {
		free(s->outcome.files[i].name);
		free(s->outcome.files[i].data);
	}
	free(s->outcome.files);
	exercise_free(s->exercise);
}

/* Judges the run as one of the first scenario and releases all. */
static inline enum rule_state judge_once(struct synthetic *s)
{
	enum rule_state state = judge_scenario(s, 0);

	synthetic_release(s);
	return state;
}

#endif
