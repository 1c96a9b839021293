/* Rules about processes, their ends and their time. */
#include <signal.h>

#include "synthetic.h"

Test(rules_processes, ends_holds_for_a_program_that_ends)
{
	struct synthetic s = synthetic_new("", "{'rule':'ends'}");

	add_task(&s, 0, false, 0);
	add_exit(&s, 1, 0, -1, SIGTERM);
	add_exit(&s, 0, 0, 0, 0);
	cr_expect_eq(judge_once(&s), RULE_HOLDS);
}

Test(rules_processes, ends_tells_who_waits_for_whom)
{
	struct synthetic s = synthetic_new("", "{'rule':'ends'}");
	struct event event = event_make(EVENT_DEADLOCK, 0);

	add_task(&s, 0, false, 0);
	event.object = "lock.db";
	event.other = 1;
	trace_append(&s.outcome.trace, &event);
	s.outcome.end = RUN_END_DEADLOCK;
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	cr_expect(strstr(s.result.message.en, "lock.db") != NULL);
	cr_expect(strstr(s.result.message.en, "child 1") != NULL);
	synthetic_release(&s);
}

Test(rules_processes, ends_fails_at_a_limit_and_a_crash)
{
	struct synthetic s = synthetic_new("", "{'rule':'ends'}");

	s.outcome.end = RUN_END_LIMIT;
	s.outcome.limit = "memory";
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	s.outcome.end = RUN_END_EXITED;
	add_task(&s, 0, false, 0);
	add_exit(&s, 1, 0, -1, SIGSEGV);
	add_exit(&s, 0, 0, 0, 0);
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_processes, nothing_is_judged_after_a_call_that_is_not_modelled)
{
	struct synthetic s = synthetic_new("", "{'rule':'ends'}");

	s.outcome.end = RUN_END_UNSUPPORTED;
	s.outcome.call = "splice";
	cr_expect_eq(judge_scenario(&s, 0), RULE_UNJUDGED);
	cr_expect(strstr(s.result.message.en, "splice") != NULL);
	s.outcome.end = RUN_END_LIMIT;
	s.outcome.limit = "wall";
	cr_expect_eq(judge_once(&s), RULE_UNJUDGED);
}

Test(rules_processes, exit_status_compares)
{
	struct synthetic s =
		synthetic_new("", "{'rule':'exit-status','status':2}");

	add_exit(&s, 0, 0, 2, 0);
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_exit(&s, 0, 0, 0, 0);
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	add_exit(&s, 0, 0, -1, SIGTERM);
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_processes, children_counts_processes_and_not_threads)
{
	struct synthetic s =
		synthetic_new("", "{'rule':'children','min':2,'max':2}");

	add_task(&s, 0, false, 0);
	add_task(&s, 0, true, 0);
	add_task(&s, 1, false, 0);
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_task(&s, 0, true, 0);
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_processes, children_may_have_to_end_by_themselves)
{
	struct synthetic s = synthetic_new(
		"", "{'rule':'children','min':1,'by_themselves':true}");

	add_task(&s, 0, false, 0);
	add_task(&s, 0, false, 0);
	add_exit(&s, 1, 0, 0, 0);
	add_exit(&s, 2, 0, -1, SIGKILL);
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_exit(&s, 1, 0, -1, SIGKILL);
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_processes, children_may_have_to_be_mains_own)
{
	struct synthetic s =
		synthetic_new("", "{'rule':'children','min':0,'max_depth':1}");

	add_task(&s, 0, false, 0);
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_task(&s, 1, false, 0);
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_processes, writer_knows_main_from_children)
{
	struct synthetic s = synthetic_new(
		"", "{'rule':'writer','observations':['end'],'by':'main'}");

	add_line(&s, 0, 0, "end");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_line(&s, 1, 0, "end");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

#define ONE_EACH                                                               \
	"{'rule':'writer','observations':['made','ate'],'by':'child',"         \
	"'one_each':true}"

Test(rules_processes, writer_counts_a_thread_as_its_process)
{
	struct synthetic s = synthetic_new("", ONE_EACH);

	add_task(&s, 0, false, 0);
	add_task(&s, 1, true, 0);
	add_task(&s, 0, false, 0);
	add_line(&s, 1, 0, "ann made pie0");
	add_line(&s, 2, 0, "ann made pie1");
	add_line(&s, 3, 0, "eve ate pie0");
	cr_expect_eq(judge_once(&s), RULE_HOLDS);
}

Test(rules_processes, writer_wants_one_process_a_subject)
{
	struct synthetic s = synthetic_new("", ONE_EACH);

	add_task(&s, 0, false, 0);
	add_line(&s, 1, 0, "ann made pie0");
	add_line(&s, 1, 0, "bob made tea0");
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	add_task(&s, 0, false, 0);
	add_task(&s, 0, false, 0);
	add_line(&s, 1, 0, "ann made pie0");
	add_line(&s, 2, 0, "ann made pie1");
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	add_line(&s, 0, 0, "ann made pie0");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_processes, writer_alone_may_be_one_of_several_of_a_subject)
{
	struct synthetic s = synthetic_new("",
		"{'rule':'writer','observations':['made'],'by':'any',"
		"'alone':true}");

	add_task(&s, 0, false, 0);
	add_task(&s, 0, false, 0);
	add_line(&s, 0, 0, "eve made tea0");
	add_line(&s, 1, 0, "ann made pie0");
	add_line(&s, 2, 0, "ann made pie0");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_line(&s, 1, 0, "ann made pie0");
	add_line(&s, 1, 0, "bob made tea0");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

#define ENDS_AFTER                                                             \
	"{'rule':'ends-after','observation':'ate','than':'made',"              \
	"'key':['what'],'index':'n','lag':1,'seconds':1}"

Test(rules_processes, ends_after_wants_the_last_item_first)
{
	struct synthetic s = synthetic_new("", ENDS_AFTER);

	add_task(&s, 0, false, 0);
	add_line(&s, 0, 2 * SECOND, "ann made pie0");
	add_line(&s, 1, 3 * SECOND, "eve ate pie0");
	add_line(&s, 0, 4 * SECOND, "ann made pie1");
	add_exit(&s, 1, 4 * SECOND, 0, 0);
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_line(&s, 1, SECOND, "eve ate pie0");
	add_exit(&s, 1, SECOND, 0, 0);
	add_line(&s, 0, 2 * SECOND, "ann made pie0");
	add_line(&s, 0, 4 * SECOND, "ann made pie1");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_processes, ends_by_tells_exit_from_signal)
{
	struct synthetic s = synthetic_new(
		"", "{'rule':'ends-by','observations':['ate'],'by':'exit'}");

	add_task(&s, 0, false, 0);
	add_line(&s, 1, 0, "eve ate pie0");
	add_exit(&s, 1, 0, 1, 0);
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_line(&s, 1, 0, "eve ate pie0");
	add_exit(&s, 1, 0, -1, SIGTERM);
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	add_task(&s, 0, false, 0);
	add_line(&s, 1, 0, "eve ate pie0");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

#define AT_ONCE                                                                \
	"{'rule':'at-once','observation':'made','seconds':1,"                  \
	"'sleeping':true,'faster_than':4}"

Test(rules_processes, at_once_is_shown_by_lines_or_sleeps)
{
	struct synthetic s = synthetic_new("", AT_ONCE);

	add_task(&s, 0, false, 0);
	add_task(&s, 0, false, 0);
	add_line(&s, 1, 9 * SECOND, "ann made pie0");
	add_line(&s, 2, 9 * SECOND + SECOND / 2, "bob made tea0");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_task(&s, 0, false, 0);
	add_event(&s, EVENT_SLEEP, 1, 0, NULL, NULL);
	last_event(&s)->value = 2 * SECOND;
	add_event(&s, EVENT_SLEEP, 2, SECOND, NULL, NULL);
	last_event(&s)->value = 3 * SECOND;
	add_line(&s, 2, 12 * SECOND, "bob made tea0");
	add_line(&s, 1, 15 * SECOND, "ann made pie0");
	cr_expect_eq(judge_once(&s), RULE_HOLDS);
}

Test(rules_processes, at_once_fails_one_after_another)
{
	struct synthetic s = synthetic_new("", AT_ONCE);

	add_task(&s, 0, false, 0);
	add_task(&s, 0, false, 0);
	add_line(&s, 1, 4 * SECOND, "ann made pie0");
	add_line(&s, 2, 5 * SECOND, "bob made tea0");
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	cr_expect(strstr(s.result.message.en, "one after another") != NULL);
	/* nothing was done at all */
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	cr_expect(strstr(s.result.message.en, "never appears") != NULL);
	synthetic_release(&s);
}

Test(rules_processes, lifetime_within_lasts_to_the_virtual_instant)
{
	struct synthetic s = synthetic_new(
		"", "{'rule':'lifetime-within','observations':['sold']}");

	add_task(&s, 0, false, 0);
	add_line(&s, 1, 0, "1 sold");
	add_exit(&s, 0, SECOND, 0, 0);
	add_exit(&s, 1, SECOND, -1, SIGTERM);
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_line(&s, 1, 0, "1 sold");
	add_exit(&s, 0, SECOND, 0, 0);
	add_exit(&s, 1, SECOND + 1, -1, SIGTERM);
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	add_task(&s, 0, false, 0);
	add_line(&s, 1, 0, "1 sold");
	add_exit(&s, 0, SECOND, 0, 0);
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_processes, ends_with_main_fails_for_an_early_end_only)
{
	struct synthetic s = synthetic_new(
		"", "{'rule':'ends-with-main','observations':['sold']}");

	add_task(&s, 0, false, 0);
	add_line(&s, 1, 0, "1 sold");
	add_exit(&s, 1, SECOND, -1, SIGKILL);
	add_exit(&s, 0, SECOND, 0, 0);
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_line(&s, 1, 0, "1 sold");
	add_exit(&s, 0, SECOND, 0, 0);
	add_exit(&s, 1, 2 * SECOND, 0, 0);
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_line(&s, 1, 0, "1 sold");
	add_exit(&s, 1, SECOND / 2, -1, SIGKILL);
	add_exit(&s, 0, SECOND, 0, 0);
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_processes, reaped_fails_with_a_zombie)
{
	struct synthetic s = synthetic_new("", "{'rule':'reaped'}");

	add_task(&s, 0, false, 0);
	add_exit(&s, 1, 0, 0, 0);
	add_exit(&s, 0, 0, 0, 0);
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_exit(&s, 1, 0, 0, 0);
	add_exit(&s, 0, 0, 0, 0);
	add_event(&s, EVENT_ZOMBIE, 1, 0, NULL, NULL);
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_processes, nothing_left_fails_with_a_process_that_lives_on)
{
	struct synthetic s = synthetic_new("", "{'rule':'nothing-left'}");

	add_task(&s, 0, false, 0);
	add_exit(&s, 0, SECOND, 0, 0);
	add_event(&s, EVENT_ORPHAN, 1, SECOND, NULL, NULL);
	add_exit(&s, 1, SECOND, -1, SIGTERM);
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_exit(&s, 0, SECOND, 0, 0);
	add_event(&s, EVENT_LEFT, 1, SECOND, NULL, NULL);
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	add_task(&s, 0, false, 0);
	add_exit(&s, 0, SECOND, 0, 0);
	add_line(&s, 1, 2 * SECOND, "end");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_processes, nothing_left_judges_only_after_the_line)
{
	struct synthetic s =
		synthetic_new("", "{'rule':'nothing-left','after':['end']}");

	add_task(&s, 0, false, 0);
	add_exit(&s, 0, SECOND, -1, SIGKILL);
	add_line(&s, 1, SECOND, "end");
	add_event(&s, EVENT_LEFT, 1, SECOND, NULL, NULL);
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_line(&s, 1, SECOND, "end");
	add_exit(&s, 0, SECOND, -1, SIGKILL);
	add_event(&s, EVENT_LEFT, 1, SECOND, NULL, NULL);
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_processes, duration_is_mains_virtual_time)
{
	struct synthetic s =
		synthetic_new("", "{'rule':'duration','min':2,'max':'count'}");

	add_exit(&s, 0, 2 * SECOND, 0, 0);
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_exit(&s, 0, 4 * SECOND, 0, 0);
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	add_exit(&s, 0, SECOND, 0, 0);
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_processes, blocks_fails_for_spinning_and_polling)
{
	struct synthetic s = synthetic_new("", "{'rule':'blocks','naps':2}");

	for (int i = 0; i < 2; i++)
		add_event(&s, EVENT_SLEEP, 0, 0, NULL, NULL);
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	for (int i = 0; i < 3; i++)
		add_event(&s, EVENT_SLEEP, 0, 0, NULL, NULL);
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	add_event(&s, EVENT_SPIN, 0, 0, NULL, NULL);
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_processes, fault_hit_asks_a_person_when_the_fault_missed)
{
	struct synthetic s = synthetic_new(
		"", "{'rule':'fault-hit','observations':['sold']}");

	add_task(&s, 0, false, 0);
	add_line(&s, 1, 0, "1 sold");
	add_event(&s, EVENT_FAULT, 1, 0, "kill", NULL);
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_task(&s, 0, false, 0);
	add_line(&s, 1, 0, "1 sold");
	add_event(&s, EVENT_FAULT, 2, 0, "kill", NULL);
	cr_expect_eq(judge_once(&s), RULE_UNJUDGED);
}

Test(rules_processes, compare_duration_only_tells)
{
	struct synthetic s = synthetic_new("", "{'rule':'compare-duration'}");

	add_exit(&s, 0, 2 * SECOND, 0, 0);
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	cr_expect_null(s.result.note.en);
	add_exit(&s, 0, 5 * SECOND, 0, 0);
	cr_expect_eq(judge_scenario(&s, 1), RULE_HOLDS);
	cr_expect(strstr(s.result.note.en, "5.0 s") != NULL);
	synthetic_release(&s);
}

#define MADE_AFTER "{'rule':'made-after','observation':'made','index':'n'}"

Test(rules_processes, made_after_holds_for_one_after_the_other)
{
	struct synthetic s = synthetic_new("", MADE_AFTER);

	add_task(&s, 0, false, 0);
	add_line(&s, 1, 0, "ann made pie1");
	add_exit(&s, 1, SECOND, 0, 0);
	add_task(&s, 0, false, SECOND);
	add_line(&s, 2, SECOND, "ann made pie2");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	/* numbers that are no neighbours are no matter */
	add_task(&s, 0, false, 0);
	add_task(&s, 0, false, 0);
	add_line(&s, 1, 0, "ann made pie1");
	add_line(&s, 2, 0, "ann made pie3");
	cr_expect_eq(judge_once(&s), RULE_HOLDS);
}

Test(rules_processes, made_after_fails_when_both_live)
{
	struct synthetic s = synthetic_new("", MADE_AFTER);

	/* made at once, let go one by one */
	add_task(&s, 0, false, 0);
	add_task(&s, 0, false, 0);
	add_line(&s, 1, 0, "ann made pie1");
	add_exit(&s, 1, SECOND, 0, 0);
	add_line(&s, 2, SECOND, "ann made pie2");
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	/* the first never ends, or one of its threads */
	add_task(&s, 0, false, 0);
	add_line(&s, 1, 0, "ann made pie1");
	add_task(&s, 0, false, SECOND);
	add_line(&s, 2, SECOND, "ann made pie2");
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	add_task(&s, 0, false, 0);
	add_line(&s, 1, 0, "ann made pie1");
	add_task(&s, 1, true, 0);
	add_exit(&s, 1, SECOND, 0, 0);
	add_task(&s, 0, false, SECOND);
	add_exit(&s, 2, 2 * SECOND, 0, 0);
	add_line(&s, 3, SECOND, "ann made pie2");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_processes, made_before_counts_processes_up_to_the_line)
{
	struct synthetic s = synthetic_new(
		"", "{'rule':'made-before','observation':'end','min':2}");

	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_task(&s, 0, true, 0);
	add_line(&s, 0, 0, "end");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_line(&s, 0, 0, "end");
	add_task(&s, 0, false, 0);
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_processes, blocks_looks_at_who_prints_and_at_the_sum_of_sleep)
{
	struct synthetic s = synthetic_new("",
		"{'rule':'blocks','observations':['made'],'asleep':2,"
		"'seconds':0.1}");

	add_task(&s, 0, false, 0);
	add_event(&s, EVENT_SLEEP, 0, 0, NULL, NULL); /* main: not judged */
	add_event(&s, EVENT_SPIN, 0, 0, NULL, NULL);
	add_event(&s, EVENT_SPIN, 1, 0, NULL, NULL); /* over at once */
	add_event(&s, EVENT_SLEEP, 1, 0, NULL, NULL);
	add_line(&s, 1, 1 * SECOND, "ann made pie0");
	add_event(&s, EVENT_WAIT, 1, 1 * SECOND, "time", NULL);
	add_line(&s, 1, 2 * SECOND, "ann made pie1");
	add_line(&s, 0, 9 * SECOND, "end");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);

	add_task(&s, 0, false, 0);
	add_event(&s, EVENT_SLEEP, 1, 0, NULL, NULL);
	add_line(&s, 1, 1 * SECOND, "ann made pie0");
	add_event(&s, EVENT_WAIT, 1, 1 * SECOND, "time", NULL);
	add_line(&s, 1, 3 * SECOND, "ann made pie1");
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);

	add_task(&s, 0, false, 0);
	add_event(&s, EVENT_SPIN, 1, 0, NULL, NULL);
	add_event(&s, EVENT_ACCESS, 1, 0, "memory:1", NULL);
	add_line(&s, 1, 1 * SECOND, "ann made pie0");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_processes, reads_input_is_for_the_printer_alone)
{
	struct synthetic s = synthetic_new(
		"", "{'rule':'reads-input','observations':['made']}");

	add_task(&s, 0, false, 0);
	add_event(&s, EVENT_GET, 1, 0, "stdin", "pie0");
	add_event(&s, EVENT_GET, 0, 0, "pipe:1", "pie0"); /* another pipe */
	add_event(&s, EVENT_GET, 0, 0, "stdin", NULL);    /* its end */
	add_line(&s, 1, 0, "ann made pie0");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_event(&s, EVENT_GET, 0, 0, "stdin", "pie0");
	add_line(&s, 1, 0, "ann made pie0");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

#define ALIVE_AT                                                               \
	"{'rule':'alive-at','observation':'end','min':'count - 1',"            \
	"'printers':['ate']}"

Test(rules_processes, alive_at_counts_who_lives_at_the_line)
{
	struct synthetic s = synthetic_new("", ALIVE_AT);

	for (int i = 0; i < 3; i++)
		add_task(&s, 0, false, 0);
	add_line(&s, 1, 0, "eve ate pie0");
	add_exit(&s, 3, 0, 0, 0); /* a cook */
	add_line(&s, 0, 0, "end");
	add_exit(&s, 1, 0, -1, 9);
	add_exit(&s, 2, 0, -1, 9);
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);

	for (int i = 0; i < 2; i++)
		add_task(&s, 0, false, 0);
	add_exit(&s, 2, 0, -1, 9);
	add_line(&s, 0, 0, "end");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_processes, alive_at_asks_for_every_printer)
{
	struct synthetic s = synthetic_new("", ALIVE_AT);

	for (int i = 0; i < 3; i++)
		add_task(&s, 0, false, 0);
	add_line(&s, 1, 0, "eve ate pie0");
	add_exit(&s, 1, 0, -1, 9); /* two others are enough, but not for her */
	add_line(&s, 0, 0, "end");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_processes, reaped_may_leave_those_who_end_after_a_line)
{
	struct synthetic s =
		synthetic_new("", "{'rule':'reaped','before':['end']}");

	add_task(&s, 0, false, 0);
	add_line(&s, 0, 0, "end");
	add_exit(&s, 1, 0, -1, 9);
	add_exit(&s, 0, 0, 0, 0);
	add_event(&s, EVENT_ZOMBIE, 1, 0, NULL, NULL);
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_exit(&s, 1, 0, 0, 0);
	add_line(&s, 0, 0, "end");
	add_exit(&s, 0, 0, 0, 0);
	add_event(&s, EVENT_ZOMBIE, 1, 0, NULL, NULL);
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}
