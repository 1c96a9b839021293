/* Rules about what the grader sees from outside. */
#include <signal.h>

#include "base/buf.h"
#include "synthetic.h"

/* A look at the process at the time; its state and files follow. */
static void add_look(struct synthetic *s, int process, int64_t at_us)
{
	add_event(s, EVENT_FAULT, process, at_us, "look", NULL);
}

static void add_state(
	struct synthetic *s, int task, const char *what, const char *text)
{
	add_event(s, EVENT_STATE, task, last_event(s)->time_us, what, text);
}

static void add_start(struct synthetic *s, int64_t at_us)
{
	struct trace *trace = &s->outcome.trace;
	struct event event = event_make(EVENT_FORK, -1);

	event.other = trace_add_task(
		trace, -1, false, 2 + (int)trace->task_count, at_us);
	event.time_us = at_us;
	trace_append(trace, &event);
}

#define STATE "{'rule':'state','what':'umask','is':'0000','at':1}"

Test(rules_looks, state_compares_what_was_seen_at_the_time)
{
	struct synthetic s = synthetic_new("", STATE);

	add_task(&s, 0, false, 0);
	add_look(&s, 1, 0);
	add_state(&s, 1, "umask", "0022");
	add_look(&s, 1, SECOND);
	add_state(&s, 1, "folder", "/");
	add_state(&s, 1, "umask", "0000");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_look(&s, 1, SECOND);
	add_state(&s, 1, "umask", "0022");
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	cr_expect(strstr(s.result.message.en, "0022") != NULL);
	cr_expect_eq(s.result.evidence_count, 2);
	synthetic_release(&s);
}

Test(rules_looks, state_fails_when_there_was_nobody_to_look_at)
{
	struct synthetic s = synthetic_new("", STATE);

	add_look(&s, -1, SECOND);
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	cr_expect(!s.result.follows);
	/* nor a look: all had ended before */
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	cr_expect(s.result.follows);
	synthetic_release(&s);
}

Test(rules_looks, a_look_without_a_time_is_that_at_mains_end)
{
	struct synthetic s =
		synthetic_new("", "{'rule':'state','what':'folder','is':'/'}");

	add_task(&s, 0, false, 0);
	add_exit(&s, 0, SECOND / 2, 0, 0);
	add_look(&s, 1, SECOND / 2);
	add_state(&s, 1, "folder", "/");
	add_look(&s, 1, SECOND);
	add_state(&s, 1, "folder", "/work");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	s.outcome.main_ended = false;
	add_look(&s, 0, SECOND / 2);
	add_state(&s, 0, "folder", "/");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

static enum rule_state judge_number(struct synthetic *s, const char *text)
{
	add_task(s, 0, false, 0);
	add_look(s, 1, SECOND);
	add_state(s, 1, "umask", "0000");
	if (text)
		add_state(s, -1, "file db", text);
	return judge_scenario(s, 0);
}

Test(rules_looks, file_at_may_ask_for_the_number_of_the_process)
{
	struct synthetic s = synthetic_new(
		"", "{'rule':'file-at','file':'db','is':'pid','at':1}");

	cr_expect_eq(judge_number(&s, "3\n"), RULE_HOLDS);
	cr_expect_eq(judge_number(&s, "3"), RULE_HOLDS);
	cr_expect_eq(judge_number(&s, ""), RULE_FAILS);
	cr_expect_eq(judge_number(&s, "2\n"), RULE_FAILS);
	cr_expect_eq(judge_number(&s, "3 4\n"), RULE_FAILS);
	cr_expect_eq(judge_number(&s, NULL), RULE_FAILS);
	cr_expect(strstr(s.result.message.en, "no file") != NULL);
	synthetic_release(&s);
}

Test(rules_looks, file_at_may_ask_that_it_is_gone)
{
	struct synthetic s = synthetic_new(
		"", "{'rule':'file-at','file':'db','is':'gone','at':1}");

	cr_expect_eq(judge_number(&s, NULL), RULE_HOLDS);
	cr_expect_eq(judge_number(&s, ""), RULE_FAILS);
	synthetic_release(&s);
	s = synthetic_new("",
		"{'rule':'file-at','file':'db','is':'gone','finally':true}");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_final_file(&s, "3");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

/* What the file holds at 1 s and at 2 s; NULL: nothing. */
static enum rule_state judge_two(
	struct synthetic *s, const char *first, const char *second)
{
	add_task(s, 0, false, 0);
	add_look(s, 1, SECOND);
	if (first)
		add_state(s, -1, "file db", first);
	add_look(s, 1, 2 * SECOND);
	if (second)
		add_state(s, -1, "file db", second);
	return judge_scenario(s, 0);
}

Test(rules_looks, file_at_may_ask_that_it_is_the_same)
{
	struct synthetic s = synthetic_new(
		"", "{'rule':'file-at','file':'db','is':'same','at':2,'as':1}");

	cr_expect_eq(judge_two(&s, "a", "a"), RULE_HOLDS);
	cr_expect_eq(judge_two(&s, NULL, NULL), RULE_HOLDS);
	cr_expect_eq(judge_two(&s, "a", "b"), RULE_FAILS);
	cr_expect_eq(judge_two(&s, "a", NULL), RULE_FAILS);
	cr_expect_eq(judge_two(&s, NULL, "a"), RULE_FAILS);
	synthetic_release(&s);
}

static enum rule_state judge_lines(struct synthetic *s, const char *text)
{
	add_task(s, 0, false, 0);
	add_look(s, 1, SECOND);
	if (text)
		add_state(s, -1, "file db", text);
	return judge_scenario(s, 0);
}

Test(rules_looks, file_lines_counts_and_finds_what_is_strange)
{
	struct synthetic s = synthetic_new("",
		"{'rule':'file-lines','file':'db','line':'alive','min':1,"
		"'max':2,'at':1}");

	cr_expect_eq(judge_lines(&s, "alive\n"), RULE_HOLDS);
	cr_expect_eq(judge_lines(&s, " alive \nalive"), RULE_HOLDS);
	cr_expect_eq(judge_lines(&s, ""), RULE_FAILS);
	cr_expect_eq(judge_lines(&s, "alive\nalive\nalive\n"), RULE_FAILS);
	cr_expect_eq(judge_lines(&s, "alive\nalivealive\n"), RULE_FAILS);
	cr_expect(strstr(s.result.message.en, "'alivealive'") != NULL);
	cr_expect_eq(judge_lines(&s, "alive\nbye\n"), RULE_FAILS);
	cr_expect_eq(judge_lines(&s, NULL), RULE_FAILS);
	synthetic_release(&s);
}

Test(rules_looks, file_lines_knows_a_first_and_a_last_line)
{
	struct synthetic s = synthetic_new("",
		"{'rule':'file-lines','file':'db','line':'alive','min':1,"
		"'after':'old','last':'bye','at':1}");

	cr_expect_eq(judge_lines(&s, "old\nalive\nbye\n"), RULE_HOLDS);
	cr_expect_eq(judge_lines(&s, "alive\nbye\n"), RULE_FAILS);
	cr_expect_eq(judge_lines(&s, "old\nalive\n"), RULE_FAILS);
	cr_expect_eq(judge_lines(&s, "old\nalive\nbye"), RULE_FAILS);
	cr_expect(strstr(s.result.message.en, "no newline") != NULL);
	cr_expect_eq(judge_lines(&s, "old\nbye\nalive\n"), RULE_FAILS);
	cr_expect_eq(judge_lines(&s, "old\nalive\nbye\nbye\n"), RULE_FAILS);
	cr_expect_eq(judge_lines(&s, "old\nold\nalive\nbye\n"), RULE_FAILS);
	synthetic_release(&s);
	s = synthetic_new("",
		"{'rule':'file-lines','file':'db','line':'alive','min':1,"
		"'others':true,'last':'bye','at':1}");
	cr_expect_eq(judge_lines(&s, "x\nalive\ny\nbye\n"), RULE_HOLDS);
	cr_expect_eq(judge_lines(&s, "x\nalive\nbye\ny\nbye\n"), RULE_FAILS);
	cr_expect(strstr(s.result.message.en, "2 lines 'bye'") != NULL);
	cr_expect_eq(judge_lines(&s, "alive\nbye\ny\n"), RULE_FAILS);
	cr_expect_eq(judge_lines(&s, "x\nbye\n"), RULE_FAILS);
	synthetic_release(&s);
}

/* The second started by itself, and who changed the file in between. */
static enum rule_state judge_changed_by(
	struct synthetic *s, int first, int second)
{
	add_exit(s, 0, 0, 0, 0);
	add_start(s, SECOND);
	add_look(s, 0, SECOND);
	add_state(s, -1, "file db", "a");
	if (first >= 0)
		add_event(s, EVENT_WRITE, first, SECOND, "db", "b");
	if (second >= 0)
		add_event(s, EVENT_WRITE, second, SECOND, "db", "b");
	add_look(s, 0, 2 * SECOND);
	add_state(s, -1, "file db", "ab");
	return judge_scenario(s, 0);
}

Test(rules_looks, file_at_may_excuse_what_one_start_did)
{
	struct synthetic s = synthetic_new("",
		"{'rule':'file-at','file':'db','is':'same','at':2,'as':1,"
		"'but_by':0}");

	cr_expect_eq(judge_changed_by(&s, 0, -1), RULE_HOLDS);
	cr_expect_eq(judge_changed_by(&s, 1, -1), RULE_FAILS);
	cr_expect_eq(judge_changed_by(&s, 0, 1), RULE_FAILS);
	/* through a mapping, by nobody knows whom */
	cr_expect_eq(judge_changed_by(&s, -1, -1), RULE_FAILS);
	synthetic_release(&s);
}

static void add_write(struct synthetic *s, double at, const char *text)
{
	add_event(s, EVENT_WRITE, 1, (int64_t)(at * 1e6), "db", text);
}

/* What the file holds in the end, instead of what it held before. */
static enum rule_state judge_final(struct synthetic *s, const char *final)
{
	if (s->outcome.file_count > 0) {
		free(s->outcome.files[0].name);
		free(s->outcome.files[0].data);
		free(s->outcome.files);
	}
	add_final_file(s, final);
	return judge_scenario(s, 0);
}

#define LINE "alive\n"
#define BEATS                                                                  \
	"{'rule':'file-beats','file':'db','line':'alive','every':1,"           \
	"'until':3.5}"

/* A line at each of the times; -1 is behind the last. */
static enum rule_state judge_beats(struct synthetic *s, const double *times)
{
	struct buf all = {0};
	enum rule_state state;

	add_task(s, 0, false, 0);
	add_write(s, 0, "\n"); /* ends what stands there */
	buf_adds(&all, "{\"count\":3}\n");
	for (; *times >= 0; times++) {
		add_write(s, *times, LINE);
		buf_adds(&all, LINE);
	}
	state = judge_final(s, buf_text(&all));
	buf_release(&all);
	return state;
}

#define TIMES(...) ((const double[]){__VA_ARGS__, -1})

Test(rules_looks, file_beats_wants_a_line_with_each_second)
{
	struct synthetic s = synthetic_new("", BEATS);

	cr_expect_eq(judge_beats(&s, TIMES(0, 1, 2, 3)), RULE_HOLDS);
	cr_expect_eq(judge_beats(&s, TIMES(1, 2, 3)), RULE_HOLDS);
	cr_expect_eq(judge_beats(&s, TIMES(1, 2, 3, 4)), RULE_HOLDS);
	cr_expect_eq(judge_beats(&s, TIMES(1.05, 2.05, 3.05)), RULE_HOLDS);
	cr_expect_eq(judge_beats(&s, TIMES(0, 1, 2)), RULE_FAILS);
	cr_expect(strstr(s.result.message.en, "at 3.0 s no line") != NULL);
	cr_expect_eq(judge_beats(&s, TIMES(0, 2, 3)), RULE_FAILS);
	cr_expect(strstr(s.result.message.en, "at 1.0 s no line") != NULL);
	cr_expect_eq(judge_beats(&s, TIMES(0, 1, 1, 2, 3)), RULE_FAILS);
	cr_expect_eq(judge_beats(&s, TIMES(0, 1, 2, 3, 3.5)), RULE_FAILS);
	cr_expect(strstr(s.result.message.en, "3.50 s") != NULL);
	cr_expect_eq(judge_beats(&s, TIMES(0.5, 1.5, 2.5)), RULE_FAILS);
	cr_expect(strstr(s.result.message.en, "first line") != NULL);
	cr_expect_eq(judge_beats(&s, TIMES(1, 2.12, 3.24)), RULE_FAILS);
	cr_expect_eq(judge_beats(&s, TIMES(-1)), RULE_FAILS);
	cr_expect(strstr(s.result.message.en, "at 1.0 s no line") != NULL);
	synthetic_release(&s);
}

Test(rules_looks, file_beats_asks_nothing_of_the_dead)
{
	struct synthetic s = synthetic_new("", BEATS);

	add_task(&s, 0, false, 0);
	add_event(&s, EVENT_UNLINK, 1, 0, "db", NULL);
	add_exit(&s, 0, 0, 0, 0);
	add_write(&s, 0, LINE);
	add_write(&s, 1, LINE);
	add_exit(&s, 1, SECOND * 3 / 2, -1, SIGTERM);
	cr_expect_eq(judge_final(&s, LINE LINE), RULE_HOLDS);
	synthetic_release(&s);
}

Test(rules_looks, file_beats_puts_lines_together)
{
	struct synthetic s = synthetic_new("",
		"{'rule':'file-beats','file':'db','line':'alive','every':1,"
		"'until':1.5}");

	add_task(&s, 0, false, 0);
	add_event(&s, EVENT_TRUNCATE, 1, 0, "db", NULL);
	add_write(&s, 1, "ali");
	add_write(&s, 1, "ve\nbye\n");
	cr_expect_eq(judge_final(&s, LINE "bye\n"), RULE_HOLDS);
	/* two with one write */
	add_task(&s, 0, false, 0);
	add_event(&s, EVENT_UNLINK, 1, 0, "db", NULL);
	add_write(&s, 1, LINE LINE);
	cr_expect_eq(judge_final(&s, LINE LINE), RULE_FAILS);
	/* what it holds was not all written so */
	add_task(&s, 0, false, 0);
	add_event(&s, EVENT_UNLINK, 1, 0, "db", NULL);
	add_write(&s, 1, LINE);
	cr_expect_eq(judge_final(&s, LINE LINE), RULE_UNJUDGED);
	add_task(&s, 0, false, 0);
	add_event(&s, EVENT_RENAME, 1, SECOND, "other", "db");
	cr_expect_eq(judge_final(&s, LINE), RULE_UNJUDGED);
	synthetic_release(&s);
}

Test(rules_looks, output_released_names_who_holds_it)
{
	struct synthetic s = synthetic_new("", "{'rule':'output-released'}");

	add_task(&s, 0, false, 0);
	add_exit(&s, 0, 0, 0, 0);
	add_look(&s, 1, 0);
	add_state(&s, 1, "descriptors", "/dev/null /dev/null /dev/null");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_exit(&s, 0, 0, 0, 0);
	add_look(&s, 1, 0);
	add_state(&s, 1, "output", "1 7");
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	cr_expect(strstr(s.result.message.en, "descriptor 1 7") != NULL);
	cr_expect_eq(s.result.evidence_count, 2);
	synthetic_release(&s);
}

Test(rules_looks, looked_at_ends_asks_for_status_and_time)
{
	struct synthetic s = synthetic_new("",
		"{'rule':'looked-at-ends','at':1,'status':0,'min':1,'max':2}");

	add_task(&s, 0, false, 0);
	add_event(&s, EVENT_FAULT, 1, SECOND, "signal", NULL);
	last_event(&s)->signal = SIGTERM;
	add_exit(&s, 1, 2 * SECOND, 0, 0);
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_look(&s, 1, SECOND);
	add_exit(&s, 1, 3 * SECOND, 0, 0);
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	add_task(&s, 0, false, 0);
	add_look(&s, 1, SECOND);
	add_exit(&s, 1, SECOND, 1, 0);
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	add_task(&s, 0, false, 0);
	add_look(&s, 1, SECOND);
	add_exit(&s, 1, SECOND, -1, SIGTERM);
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	cr_expect(strstr(s.result.message.en, "SIGTERM") != NULL);
	add_task(&s, 0, false, 0);
	add_look(&s, 1, SECOND);
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	add_look(&s, -1, SECOND);
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_looks, starts_alive_counts_starts_and_not_processes)
{
	struct synthetic s = synthetic_new(
		"", "{'rule':'starts-alive','at':1,'min':1,'max':1}");

	add_task(&s, 0, false, 0);
	add_task(&s, 1, false, 0);
	add_exit(&s, 0, 0, 0, 0);
	add_start(&s, 0);
	add_exit(&s, 3, SECOND / 2, 1, 0);
	add_exit(&s, 1, 2 * SECOND, 0, 0);
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_start(&s, 0);
	add_exit(&s, 0, 2 * SECOND, 0, 0);
	add_exit(&s, 1, 2 * SECOND, 0, 0);
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	cr_expect(strstr(s.result.message.en, "2 starts") != NULL);
	add_exit(&s, 0, SECOND / 2, 0, 0);
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	/* the run was over before, but not that process */
	add_task(&s, 0, false, 0);
	add_exit(&s, 0, 0, 0, 0);
	cr_expect_eq(judge_once(&s), RULE_HOLDS);
}

Test(rules_looks, exit_status_may_be_that_of_a_further_start)
{
	struct synthetic s = synthetic_new(
		"", "{'rule':'exit-status','start':1,'status':1}");

	add_exit(&s, 0, 0, 0, 0);
	add_task(&s, 0, false, 0);
	add_start(&s, SECOND);
	add_exit(&s, 2, SECOND, 1, 0);
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_start(&s, SECOND);
	add_exit(&s, 1, SECOND, 0, 0);
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	cr_expect(strstr(s.result.message.en, "main 2") != NULL);
	add_start(&s, SECOND);
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

/* It lives on by design, even for ever: that says nothing of main. */
Test(rules_looks, a_run_that_outlives_main_has_had_mains_end)
{
	struct synthetic s = synthetic_new(
		",'outlives_main':true", "{'rule':'exit-status','status':0}");

	add_exit(&s, 0, 0, 0, 0);
	s.outcome.end = RUN_END_LIMIT;
	s.outcome.limit = "virtual-time";
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	cr_expect_eq(judge_scenario(&s, 1), RULE_FAILS);
	synthetic_release(&s);
}
