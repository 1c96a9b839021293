/*
 * What all kinds share: reading parameters, building a result.
 */
#include "grader/rules/rule.h"

#include <assert.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/json_reader.h"
#include "grader/rules/files.h"
#include "grader/rules/kinds.h"

const struct rule_kind *rule_kind_by_name(const char *name)
{
	for (size_t i = 0; RULE_KINDS[i]; i++)
		if (!strcmp(RULE_KINDS[i]->name, name))
			return RULE_KINDS[i];
	return NULL;
}

void rule_memory_release(struct rule_memory *memory)
{
	text_list_free(memory->lines);
	memset(memory, 0, sizeof(*memory));
}

struct rule_memory rule_memory_copy(const struct rule_memory *memory)
{
	struct rule_memory copy = *memory;
	size_t count = 0;

	if (!memory->lines)
		return copy;
	while (memory->lines[count])
		count++;
	copy.lines = xcalloc(count + 1, sizeof(*copy.lines));
	for (size_t i = 0; i < count; i++)
		copy.lines[i] = xstrdup(memory->lines[i]);
	return copy;
}

void rule_result_release(struct rule_result *result)
{
	free(result->message.zh);
	free(result->message.en);
	free(result->note.zh);
	free(result->note.en);
	memset(result, 0, sizeof(*result));
}

/*
 * The limit of real time says nothing about a program: sleeping costs none,
 * and who computes for ever meets the limit of CPU time first.
 */
static bool ran_out_of_real_time(const struct run_outcome *outcome)
{
	return outcome->end == RUN_END_LIMIT && outcome->limit &&
	       !strcmp(outcome->limit, "wall");
}

void rule_judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	const char *call = run->outcome->call;

	if (ran_out_of_real_time(run->outcome)) {
		rule_cannot_judge(result);
		rule_say_zh(result, "评分器没能在规定的实际时间内跑完这个程序，"
				    "这一项由人来评。");
		rule_say_en(result, "the grader could not finish the program "
				    "in the real time allowed: a person has to "
				    "judge this.");
		return;
	}
	if (run->outcome->end == RUN_END_UNSUPPORTED) {
		rule_cannot_judge(result);
		rule_say_zh(result,
			"程序用了评分器还不支持的系统调用 %s，"
			"这一项由人来评。",
			call ? call : "?");
		rule_say_en(result,
			"the program uses the system call %s, which the grader "
			"does not support: a person has to judge this.",
			call ? call : "?");
		return;
	}
	assert(rule->kind->judge);
	rule->kind->judge(rule, run, memory, result);
	/* what is not there may be so for that reason, and others are skipped
	 */
	if (result->state == RULE_FAILS &&
		(rule->kind == &RULE_COUNT || rule->kind == &RULE_CHILDREN))
		rule_tell_crash(run, result);
}

const struct rule_value *rule_get(const struct rule *rule, const char *field)
{
	const struct rule_field *fields = rule->kind->fields;

	/* asked for each line of each run; mostly it is the very text */
	for (size_t i = 0; fields[i].name; i++)
		if (fields[i].name == field)
			return &rule->values[i];
	for (size_t i = 0; fields[i].name; i++)
		if (!strcmp(fields[i].name, field))
			return &rule->values[i];
	assert(!"a field of the kind");
	return NULL;
}

const char *rule_text(const struct rule *rule, const char *field)
{
	return rule_get(rule, field)->text;
}

bool rule_lists(const struct rule *rule, const char *field, const char *kind)
{
	const struct rule_value *value = rule_get(rule, field);

	for (size_t i = 0; i < value->count; i++)
		if (!strcmp(value->texts[i], kind))
			return true;
	return value->text && !strcmp(value->text, kind);
}

/* Processes but main that the grader killed; how many of them had written. */
static void count_killed(
	const struct observed_run *run, double *killed, double *wrote)
{
	const struct trace *trace = run->trace;

	*killed = 0;
	*wrote = 0;
	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];
		int process;

		if (event->kind != EVENT_FAULT || event->signal != SIGKILL)
			continue;
		process = observed_process(run, event->task);
		if (process <= 0)
			continue;
		*killed += 1;
		if (file_changed_since_read(run, process, i))
			*wrote += 1;
	}
}

double rule_evaluate(const char *text, const struct observed_run *run)
{
	const struct scenario *scenario = run->scenario;
	size_t count = scenario->value_count;
	auto_free struct expression_value *values =
		xcalloc(count + 2, sizeof(*values));
	char killed[] = "killed", killed_wrote[] = "killed_wrote";
	char message[120];
	double result = 0;
	int error;

	for (size_t i = 0; i < count; i++)
		values[i] = scenario->values[i];
	values[count] = (struct expression_value){killed, 0, true};
	values[count + 1] = (struct expression_value){killed_wrote, 0, true};
	if (strstr(text, killed))
		count_killed(
			run, &values[count].value, &values[count + 1].value);
	error = expression_evaluate(
		text, values, count + 2, &result, message, sizeof(message));
	assert(error == 0);
	(void)error;
	return result;
}

double rule_number(const struct rule *rule, const char *field,
	const struct observed_run *run, double fallback)
{
	const char *text = rule_text(rule, field);

	return text ? rule_evaluate(text, run) : fallback;
}

bool rule_fail(struct rule_result *result)
{
	if (result->state == RULE_FAILS)
		return false;
	result->state = RULE_FAILS;
	return true;
}

bool rule_cannot_judge(struct rule_result *result)
{
	if (result->state != RULE_HOLDS)
		return false;
	result->state = RULE_UNJUDGED;
	return true;
}

static void say(char **out, const char *format, va_list args)
{
	struct buf text = {0};

	buf_vaddf(&text, format, args);
	free(*out);
	*out = buf_detach(&text);
}

void rule_say_zh(struct rule_result *result, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(&result->message.zh, format, args);
	va_end(args);
}

void rule_say_en(struct rule_result *result, const char *format, ...)
{
	va_list args;

	result->manner = format;
	va_start(args, format);
	say(&result->message.en, format, args);
	va_end(args);
}

void rule_show(struct rule_result *result, size_t event)
{
	size_t i;

	for (i = 0; i < result->evidence_count; i++)
		if (result->evidence[i] == event)
			return;
	if (result->evidence_count == RULE_EVIDENCE_MAX)
		return;
	while (i > 0 && result->evidence[i - 1] > event) {
		result->evidence[i] = result->evidence[i - 1];
		i--;
	}
	result->evidence[i] = event;
	result->evidence_count++;
}
