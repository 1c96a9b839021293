/* Observations, display names, and telling an event. */
#include <stdio.h>

#include "grader/tell.h"
#include "synthetic.h"

static struct synthetic observed(void)
{
	return synthetic_new("", "{'rule':'ends'}");
}

static void observe(struct synthetic *s)
{
	s->run = (struct observed_run){
		.exercise = s->exercise,
		.scenario = &s->exercise->scenarios[0],
		.outcome = &s->outcome,
		.trace = &s->outcome.trace,
	};
	observe_run(&s->run);
}

static void finish(struct synthetic *s)
{
	observed_run_release(&s->run);
	synthetic_release(s);
}

Test(observe, blanks_in_a_line_are_optional)
{
	static const char *const lines[] = {
		"3sold", "3 sold", " 3\tsold ", "3\u3000sold", "3 so ld"};
	struct synthetic s = observed();

	for (size_t i = 0; i < 5; i++)
		add_line(&s, 0, 0, lines[i]);
	observe(&s);
	cr_expect_eq(s.run.observation_count, 5);
	cr_expect_str_eq(s.run.observations[4].subject, "who=3");
	finish(&s);
}

Test(observe, a_line_must_match_as_a_whole)
{
	struct synthetic s = observed();

	add_line(&s, 0, 0, "3 sold out");
	add_line(&s, 0, 0, "no 3 sold");
	add_line(&s, 0, 0, "");
	add_event(&s, EVENT_OUTPUT, 0, 0, "stderr", "3 sold");
	observe(&s);
	cr_expect_eq(s.run.observation_count, 0);
	finish(&s);
}

static const char *const NAMED =
	"{'id':'x','title':{'zh':'甲','en':'x'},'program':'x',"
	"'note_arguments':'Ann 3','patterns':["
	"{'kind':'runs','label':'runs','pattern':'(?<name>.+)isrunning',"
	"'arguments':{'name':1}},"
	"{'kind':'other','label':'other','pattern':'.+isrunning'}],"
	"'scenarios':[{'id':'one','arguments':['Li Lei','3']},"
	"{'id':'two','arguments':[]}],"
	"'criteria':[{'id':'c','title':{'zh':'甲','en':'c'},'points':100,"
	"'scenarios':['one'],'rules':[{'rule':'ends'}]}]}";

static const char *kind_of(
	const struct exercise *exercise, size_t scenario, const char *line)
{
	struct run_outcome outcome = {0};
	struct observed_run run = {
		.exercise = exercise,
		.scenario = &exercise->scenarios[scenario],
		.outcome = &outcome,
		.trace = &outcome.trace,
	};
	struct event event = event_make(EVENT_OUTPUT, 0);
	const char *kind;

	trace_add_task(&outcome.trace, -1, false, 2, 0);
	event.object = "stdout";
	event.text = line;
	trace_append(&outcome.trace, &event);
	observe_run(&run);
	kind = run.observation_count ? run.observations[0].kind : "none";
	observed_run_release(&run);
	trace_release(&outcome.trace);
	return kind;
}

Test(observe, a_group_may_have_to_be_an_argument)
{
	auto_free char *json = xstrdup(NAMED);
	struct exercise *exercise = NULL;
	struct err err = {{0}};

	double_quotes(json);
	cr_assert_eq(exercise_parse(&exercise, json, strlen(json), "x", &err),
		0, "%s", err.text);
	cr_expect_str_eq(kind_of(exercise, 0, "Li Lei is running"), "runs");
	cr_expect_str_eq(kind_of(exercise, 0, "LiLei is running"), "runs");
	cr_expect_str_eq(kind_of(exercise, 0, "Li is running"), "other");
	cr_expect_str_eq(kind_of(exercise, 0, "is running"), "none");
	/* without arguments, those of the note */
	cr_expect_str_eq(kind_of(exercise, 1, "Ann is running"), "runs");
	cr_expect_str_eq(kind_of(exercise, 1, "Li Lei is running"), "other");
	exercise_free(exercise);
}

Test(observe, values_are_texts_and_numbers)
{
	struct synthetic s = observed();
	const struct observation *seen;

	add_line(&s, 0, 7, "ann made pie12");
	observe(&s);
	seen = &s.run.observations[0];
	cr_expect_str_eq(seen->kind, "made");
	cr_expect_str_eq(observation_value(seen, "what"), "pie");
	cr_expect_eq(observation_number(seen, "n", -1), 12);
	cr_expect_eq(observation_number(seen, "what", -1), -1);
	cr_expect_null(observation_value(seen, "nothing"));
	cr_expect_eq(seen->time_us, 7);
	finish(&s);
}

Test(observe, a_hostile_line_cannot_make_a_match_run_for_ever)
{
	struct pattern pattern = {0};
	char message[120], *values[PATTERN_VALUES_MAX] = {0};
	auto_free char *line = xcalloc(5001, 1);

	memset(line, 'a', 5000);
	cr_assert_eq(pattern_compile(
			     &pattern, "(a+)+(a+)+b", message, sizeof(message)),
		0);
	cr_expect_not(pattern_match(&pattern, line, 5000, values));
	pattern_release(&pattern);
}

Test(observe, processes_are_named_by_what_they_print)
{
	struct synthetic s = observed();

	add_task(&s, 0, false, 0);
	add_task(&s, 1, true, 0);
	add_task(&s, 0, false, 0);
	add_task(&s, 0, false, 0);
	add_line(&s, 2, 0, "3 sold");
	add_line(&s, 4, 0, "3 sold");
	observe(&s);
	cr_expect_str_eq(observed_name(&s.run, 0), "main");
	cr_expect_str_eq(observed_name(&s.run, 1), "buyer 3");
	cr_expect_str_eq(observed_name(&s.run, 2), "buyer 3 (thread 2)");
	cr_expect_str_eq(observed_name(&s.run, 3), "child 3");
	cr_expect_str_eq(observed_name(&s.run, 4), "buyer 3 (child 4)");
	cr_expect_eq(s.run.observations[0].process, 1);
	finish(&s);
}

Test(observe, every_kind_of_event_can_be_told)
{
	struct synthetic s = observed();

	for (int kind = 0; kind < EVENT_KIND_COUNT; kind++)
		add_event(&s, (enum event_kind)kind, 0, 0, "thing", "text");
	observe(&s);
	for (size_t i = 0; i < s.outcome.trace.event_count; i++) {
		struct verdict_event told;

		tell_event(&s.run, i, &told);
		cr_expect(told.what.zh && *told.what.zh, "%zu", i);
		cr_expect(told.what.en && *told.what.en, "%zu", i);
		cr_expect_str_eq(told.who, "main");
		tell_event_release(&told);
	}
	finish(&s);
}

/* A vfork child has its maker's memory, and is no thread. */
Test(observe, what_was_made_is_called_what_it_is)
{
	static const char *const names[] = {
		"the child", "the thread", "the child"};
	struct synthetic s = observed();

	for (int value = 0; value < 3; value++) {
		add_event(&s, EVENT_FORK, 0, 0, NULL, NULL);
		s.outcome.trace.events[value].value = value;
	}
	observe(&s);
	for (size_t i = 0; i < 3; i++) {
		struct verdict_event told;

		tell_event(&s.run, i, &told);
		cr_expect(strstr(told.what.en, names[i]), "%s", told.what.en);
		tell_event_release(&told);
	}
	finish(&s);
}

Test(observe, a_long_text_is_cut_at_a_character)
{
	struct synthetic s = observed();
	struct verdict_event told;
	auto_free char *text = xcalloc(1000, 1);

	for (int i = 0; i < 99; i++)
		strcat(text, "票\n");
	add_line(&s, 0, 0, text);
	observe(&s);
	tell_event(&s.run, 0, &told);
	cr_expect_lt(strlen(told.what.zh), 300);
	cr_expect_null(strchr(told.what.zh, '\n'));
	tell_event_release(&told);
	finish(&s);
}
