/* Rules about printed lines: each holds, and each is seen to fail. */
#include <signal.h>
#include <stdio.h>

#include "synthetic.h"

Test(rules_lines, count_holds_in_its_range)
{
	struct synthetic s = synthetic_new("",
		"{'rule':'count','observations':['sold'],'min':'count - 1',"
		"'max':'count'}");

	add_line(&s, 0, 0, "1 sold");
	add_line(&s, 0, 0, "2　sold"); /* an ideographic space */
	cr_expect_eq(judge_once(&s), RULE_HOLDS);
}

Test(rules_lines, count_fails_outside_its_range)
{
	struct synthetic s = synthetic_new(
		"", "{'rule':'count','observations':['sold'],'min':1,'max':2}");

	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	for (int i = 0; i < 3; i++)
		add_line(&s, 0, 0, "1 sold");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

#define EACH_ONCE                                                              \
	"{'rule':'each-once','observations':['made'],'keys':["                 \
	"{'groups':['who','what'],'rows':[['ann','pie'],['bob','tea']],"       \
	"'first':2},{'groups':['n'],'from':0,'to':'count - 2'}]%s}"

Test(rules_lines, each_once_holds_for_all_combinations)
{
	char rule[400];
	struct synthetic s;

	snprintf(rule, sizeof(rule), EACH_ONCE, "");
	s = synthetic_new("", rule);
	add_line(&s, 0, 0, "ann made pie1");
	add_line(&s, 0, 0, "bob made tea0");
	add_line(&s, 0, 0, "ann made pie0");
	add_line(&s, 0, 0, "bob made tea1");
	cr_expect_eq(judge_once(&s), RULE_HOLDS);
}

Test(rules_lines, each_once_fails_for_missing_doubled_and_unknown_keys)
{
	static const char *const lines[][5] = {
		{"ann made pie0", "ann made pie1", "bob made tea0"},
		{"ann made pie0", "ann made pie1", "bob made tea0",
			"bob made tea1", "ann made pie1"},
		{"ann made pie0", "ann made pie1", "bob made tea0",
			"bob made tea1", "ann made tea0"},
	};
	char rule[400];
	struct synthetic s;

	snprintf(rule, sizeof(rule), EACH_ONCE, "");
	for (size_t i = 0; i < 3; i++) {
		s = synthetic_new("", rule);
		for (size_t j = 0; j < 5 && lines[i][j]; j++)
			add_line(&s, 0, 0, lines[i][j]);
		cr_expect_eq(judge_once(&s), RULE_FAILS, "%zu", i);
	}
	snprintf(rule, sizeof(rule), EACH_ONCE, ",'missing':1");
	s = synthetic_new("", rule);
	for (size_t j = 0; j < 3; j++)
		add_line(&s, 0, 0, lines[0][j]);
	cr_expect_eq(judge_once(&s), RULE_HOLDS);
}

#define AMONG                                                                  \
	"{'rule':'among','observations':['ate'],'keys':["                      \
	"{'groups':['who'],'rows':['eve','kim'],'first':1}]}"

Test(rules_lines, among_allows_repetition_but_no_stranger)
{
	struct synthetic s = synthetic_new("", AMONG);

	add_line(&s, 0, 0, "eve ate pie0");
	add_line(&s, 0, 0, "eve ate pie1");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_line(&s, 0, 0, "kim ate pie0");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_lines, among_looks_at_lines_of_main_only_if_asked)
{
	struct synthetic s = synthetic_new("",
		"{'rule':'among','observations':['ate'],'by':'main','keys':["
		"{'groups':['who'],'rows':['eve','kim'],'first':1}]}");

	add_task(&s, 0, false, 0);
	add_line(&s, 1, 0, "kim ate pie0");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_line(&s, 0, 0, "kim ate pie0");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_lines, conserved_compares_both_sides)
{
	struct synthetic s = synthetic_new("",
		"{'rule':'conserved','put':'made','got':'ate',"
		"'key':['what','n']}");

	add_line(&s, 0, 0, "ann made pie1");
	add_line(&s, 0, 0, "eve ate pie1");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_line(&s, 0, 0, "ann made pie1");
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	add_line(&s, 0, 0, "eve ate pie1");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_lines, precedes_looks_at_the_order_of_lines)
{
	struct synthetic s = synthetic_new("",
		"{'rule':'precedes','before':['made'],'after':['ate'],"
		"'key':['what','n']}");

	add_line(&s, 0, 0, "ann made pie1");
	add_line(&s, 0, 0, "eve ate pie1");
	add_line(&s, 0, 0, "ann made pie2");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_line(&s, 0, 0, "eve ate pie1");
	add_line(&s, 0, 0, "ann made pie1");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_lines, sequence_rises_within_a_key)
{
	struct synthetic s = synthetic_new("",
		"{'rule':'sequence','observation':'made','key':['who'],"
		"'index':'n'}");

	add_line(&s, 0, 0, "ann made pie1");
	add_line(&s, 0, 0, "bob made tea0");
	add_line(&s, 0, 0, "ann made pie2");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_line(&s, 0, 0, "ann made pie2");
	add_line(&s, 0, 0, "ann made pie1");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

#define TAKEN                                                                  \
	"{'rule':'taken-in-order','observation':'ate','key':['what'],"         \
	"'index':'n'}"

Test(rules_lines, taken_in_order_judges_gets_of_one_channel)
{
	struct synthetic s = synthetic_new("", TAKEN);

	add_task(&s, 0, false, 0);
	add_task(&s, 0, false, 0);
	add_event(&s, EVENT_GET, 1, 0, "pipe:1", "pie0");
	add_event(&s, EVENT_GET, 2, 0, "pipe:1", "pie 1");
	add_line(&s, 2, SECOND, "kim ate pie1");
	add_line(&s, 1, 2 * SECOND, "eve ate pie0");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_task(&s, 0, false, 0);
	add_event(&s, EVENT_GET, 2, 0, "pipe:1", "pie1");
	add_event(&s, EVENT_GET, 1, 0, "pipe:1", "pie0");
	add_line(&s, 1, 2 * SECOND, "eve ate pie0");
	add_line(&s, 2, SECOND, "kim ate pie1");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_lines, taken_in_order_leaves_different_channels_alone)
{
	struct synthetic s = synthetic_new("", TAKEN);

	add_task(&s, 0, false, 0);
	add_task(&s, 0, false, 0);
	add_event(&s, EVENT_GET, 2, 0, "pipe:2", "pie1");
	add_event(&s, EVENT_GET, 1, 0, "pipe:1", "pie0");
	add_line(&s, 1, 2 * SECOND, "eve ate pie0");
	add_line(&s, 2, SECOND, "kim ate pie1");
	cr_expect_eq(judge_once(&s), RULE_HOLDS);
}

#define NO_EARLIER                                                             \
	"{'rule':'no-earlier','observation':'ate','than':'made',"              \
	"'key':['what'],'index':'n','lag':1,'seconds':2}"

Test(rules_lines, no_earlier_forgives_a_late_line)
{
	struct synthetic s = synthetic_new("", NO_EARLIER);

	add_line(&s, 0, 1 * SECOND, "ann made pie0");
	add_line(&s, 0, 2 * SECOND, "eve ate pie0");
	add_line(&s, 0, 3 * SECOND, "eve ate pie1");
	add_line(&s, 0, 9 * SECOND, "ann made pie1");
	cr_expect_eq(judge_once(&s), RULE_HOLDS);
}

Test(rules_lines, no_earlier_fails_before_the_bound)
{
	struct synthetic s = synthetic_new("", NO_EARLIER);

	add_line(&s, 0, 1 * SECOND, "eve ate pie0");
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	add_line(&s, 0, 5 * SECOND, "ann made pie0");
	add_line(&s, 0, 6 * SECOND, "eve ate pie1");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_lines, when_is_exact_to_a_tenth_of_a_second)
{
	struct synthetic s = synthetic_new(
		"", "{'rule':'when','observations':['end'],'min':1,'max':1}");

	add_line(&s, 0, SECOND + 90000, "end");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_line(&s, 0, SECOND + 120000, "end");
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	add_line(&s, 0, 0, "end");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

#define SAME_OUTPUT                                                            \
	"{'rule':'same-output','observations':['made','sold'],"                \
	"'key':['what','n']}"

Test(rules_lines, same_output_ignores_order_and_other_values)
{
	struct synthetic s = synthetic_new("", SAME_OUTPUT);

	add_line(&s, 0, 0, "ann made pie1");
	add_line(&s, 0, 0, "1 sold");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_line(&s, 0, 0, "2 sold");
	add_line(&s, 0, 0, "bob made pie1");
	cr_expect_eq(judge_scenario(&s, 1), RULE_HOLDS);
	synthetic_release(&s);
}

Test(rules_lines, same_output_tells_lost_from_doubled)
{
	struct synthetic s = synthetic_new("", SAME_OUTPUT);

	add_line(&s, 0, 0, "ann made pie1");
	add_line(&s, 0, 0, "1 sold");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_line(&s, 0, 0, "1 sold");
	add_exit(&s, 0, 0, 0, SIGKILL);
	cr_expect_eq(judge_scenario(&s, 1), RULE_FAILS);
	cr_expect(strstr(s.result.message.en, "is lost") != NULL);
	cr_expect_not(s.result.unhinted);
	/* with no buffer that could have been lost */
	add_line(&s, 0, 0, "1 sold");
	cr_expect_eq(judge_scenario(&s, 1), RULE_FAILS);
	cr_expect(strstr(s.result.message.en, "did not print") != NULL);
	cr_expect(s.result.unhinted);
	/* and with another line in its place */
	add_line(&s, 0, 0, "1 sold");
	add_line(&s, 0, 0, "2 sold");
	add_exit(&s, 0, 0, 0, SIGKILL);
	cr_expect_eq(judge_scenario(&s, 1), RULE_FAILS);
	cr_expect(strstr(s.result.message.en, "in place of") != NULL);
	cr_expect(s.result.unhinted);
	add_line(&s, 0, 0, "1 sold");
	add_line(&s, 0, 0, "1 sold");
	add_line(&s, 0, 0, "ann made pie1");
	cr_expect_eq(judge_scenario(&s, 1), RULE_FAILS);
	cr_expect(strstr(s.result.message.en, "too many") != NULL);
	/* nothing came twice: the other run was short of it */
	add_line(&s, 0, 0, "1 sold");
	add_line(&s, 0, 0, "ann made pie1");
	add_line(&s, 0, 0, "ann made pie2");
	cr_expect_eq(judge_scenario(&s, 1), RULE_FAILS);
	cr_expect(strstr(s.result.message.en, "was missing") != NULL);
	synthetic_release(&s);
}

Test(rules_lines, stderr_lines_counts_standard_error_alone)
{
	struct synthetic s =
		synthetic_new("", "{'rule':'stderr-lines','min':1,'max':1}");

	add_line(&s, 0, 0, "usage");
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	add_event(&s, EVENT_OUTPUT, 0, 0, "stderr", "usage");
	cr_expect_eq(judge_once(&s), RULE_HOLDS);
}

#define COUNT_OF_MAIN                                                          \
	"{'rule':'count','observations':['end'],'min':1,'max':1,'by':'main'}"

Test(rules_lines, count_may_be_of_one_side_only)
{
	struct synthetic s = synthetic_new("", COUNT_OF_MAIN);

	add_task(&s, 0, false, 0);
	add_line(&s, 0, 0, "end");
	add_line(&s, 1, 0, "end");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_line(&s, 1, 0, "end");
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	cr_expect_str_eq(
		s.result.message.en, "no line 'end' of main appeared.");
	synthetic_release(&s);
	s = synthetic_new("",
		"{'rule':'count','observations':['end'],'min':0,'max':0,"
		"'by':'child'}");
	add_line(&s, 0, 0, "end");
	cr_expect_eq(judge_once(&s), RULE_HOLDS);
}

Test(rules_lines, each_once_may_be_of_one_side_only)
{
	struct synthetic s = synthetic_new("",
		"{'rule':'each-once','observations':['made'],'by':'main',"
		"'keys':[{'groups':['n'],'from':1,'to':1}]}");

	add_task(&s, 0, false, 0);
	add_line(&s, 0, 0, "ann made pie1");
	add_line(&s, 1, 0, "ann made pie1");
	add_line(&s, 1, 0, "ann made pie2");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_line(&s, 1, 0, "ann made pie1");
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	add_line(&s, 0, 0, "ann made pie1");
	add_line(&s, 0, 0, "ann made pie1");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_lines, precedes_may_be_of_one_side_only)
{
	struct synthetic s = synthetic_new("",
		"{'rule':'precedes','before':['made'],'after':['end'],"
		"'by':'main'}");

	add_task(&s, 0, false, 0);
	add_line(&s, 1, 0, "end");
	add_line(&s, 1, 0, "ann made pie1");
	add_line(&s, 0, 0, "end");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_line(&s, 0, 0, "end");
	add_line(&s, 0, 0, "ann made pie1");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_lines, when_may_be_of_one_side_only)
{
	struct synthetic s = synthetic_new("",
		"{'rule':'when','observations':['end'],'min':0,'max':0,"
		"'by':'main'}");

	add_task(&s, 0, false, 0);
	add_line(&s, 0, 0, "end");
	add_line(&s, 1, 3 * SECOND, "end");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_line(&s, 0, SECOND, "end");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

#define LASTS                                                                  \
	"{'rule':'lasts','from':'made','to':'ate','key':['who'],"              \
	"'seconds':'count - 1','times':'n'}"

Test(rules_lines, lasts_pairs_the_lines_of_a_key)
{
	struct synthetic s = synthetic_new("", LASTS);

	add_line(&s, 0, 0, "ann made pie3");
	add_line(&s, 0, SECOND, "bob made tea1");
	add_line(&s, 0, 3 * SECOND, "bob ate tea1");
	add_line(&s, 0, 3 * SECOND, "bob made tea2");
	add_line(&s, 0, 6 * SECOND + SECOND / 20, "ann ate pie3");
	add_line(&s, 0, 7 * SECOND, "bob ate tea2");
	add_line(&s, 0, 9 * SECOND, "eve ate tea2");
	cr_expect_eq(judge_once(&s), RULE_HOLDS);
}

Test(rules_lines, lasts_fails_for_too_short_and_too_long)
{
	struct synthetic s = synthetic_new("", LASTS);

	add_line(&s, 0, 0, "ann made pie1");
	add_line(&s, 0, SECOND, "ann ate pie1");
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	add_line(&s, 0, 0, "ann made pie1");
	add_line(&s, 0, 3 * SECOND, "ann ate pie1");
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	add_line(&s, 0, 0, "ann made pie1");
	add_line(&s, 0, 2 * SECOND, "ann ate pie1");
	add_line(&s, 0, 2 * SECOND, "ann made pie1");
	add_line(&s, 0, 3 * SECOND, "ann ate pie1");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_lines, tells_time_compares_the_number_with_the_lines_time)
{
	struct synthetic s = synthetic_new(
		"", "{'rule':'tells-time','observation':'made','group':'n'}");

	add_line(&s, 0, 4 * SECOND + SECOND / 10, "ann made pie4");
	add_line(&s, 0, 5 * SECOND - SECOND / 10, "ann made pie5");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_line(&s, 0, 6 * SECOND, "ann made pie4");
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	add_line(&s, 0, 3 * SECOND, "ann made pie4");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_lines, tells_time_wants_a_number_and_nothing_behind_it)
{
	struct synthetic s = synthetic_new(
		"", "{'rule':'tells-time','observation':'made','group':'who'}");

	add_line(&s, 0, 4 * SECOND, "4 made pie1");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_line(&s, 0, 4 * SECOND, "4s made pie1");
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	add_line(&s, 0, 4 * SECOND, "four made pie1");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_lines, count_may_leave_aside_a_run_that_is_not_over)
{
	struct synthetic s = synthetic_new("",
		"{'rule':'count','observations':['end'],'min':1,'max':1,"
		"'all_ended':true}");

	add_task(&s, 0, false, 0);
	add_event(&s, EVENT_LEFT, 1, 0, NULL, NULL);
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_lines, same_output_may_leave_aside_a_run_that_is_not_over)
{
	struct synthetic s = synthetic_new("",
		"{'rule':'same-output','observations':['end'],"
		"'all_ended':true}");

	add_line(&s, 0, 0, "end");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_event(&s, EVENT_LEFT, 1, 0, NULL, NULL);
	cr_expect_eq(judge_scenario(&s, 1), RULE_HOLDS);
	cr_expect_eq(judge_scenario(&s, 1), RULE_FAILS);
	synthetic_release(&s);
}

Test(rules_lines, each_once_may_leave_aside_what_might_still_come)
{
	char rule[400];
	struct synthetic s;

	snprintf(rule, sizeof(rule), EACH_ONCE, ",'all_ended':true");
	s = synthetic_new("", rule);
	add_task(&s, 0, false, 0);
	add_line(&s, 0, 0, "ann made pie1");
	add_event(&s, EVENT_LEFT, 1, 0, NULL, NULL);
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_line(&s, 0, 0, "ann made pie1");
	add_line(&s, 0, 0, "ann made pie1");
	add_event(&s, EVENT_LEFT, 1, 0, NULL, NULL);
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	add_line(&s, 0, 0, "ann made pie1");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_lines, no_earlier_numbers_lines_as_they_come)
{
	struct synthetic s = synthetic_new("",
		"{'rule':'no-earlier','observation':'made','than':'ate',"
		"'lag':'count - 1','seconds':0}");

	add_line(&s, 0, 0, "ann made pie7");
	add_line(&s, 0, 0, "bob made tea3");
	add_line(&s, 0, 1 * SECOND, "eve ate tea9");
	add_line(&s, 0, 1 * SECOND, "ann made pie2");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_line(&s, 0, 0, "ann made pie7");
	add_line(&s, 0, 0, "bob made tea3");
	add_line(&s, 0, 0, "ann made pie2");
	add_line(&s, 0, 1 * SECOND, "eve ate tea9");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_lines, no_later_fails_behind_the_bound_only)
{
	struct synthetic s = synthetic_new("",
		"{'rule':'no-later','observation':'made','than':'ate',"
		"'key':['what'],'index':'n','lag':1,'seconds':2}");

	add_line(&s, 0, 9 * SECOND, "ann made pie0");
	add_line(&s, 0, 1 * SECOND, "eve ate pie0");
	add_line(&s, 0, 3 * SECOND, "ann made pie1");
	add_line(&s, 0, 9 * SECOND, "ann made tea1");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_line(&s, 0, 1 * SECOND, "eve ate pie0");
	add_line(&s, 0, 3 * SECOND + SECOND / 5, "ann made pie1");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_lines, when_may_ask_of_the_first_lines_only)
{
	struct synthetic s = synthetic_new("",
		"{'rule':'when','observations':['made'],'min':0,'max':0,"
		"'first':'count - 1'}");

	add_line(&s, 0, 0, "ann made pie1");
	add_line(&s, 0, 0, "ann made pie2");
	add_line(&s, 0, 1 * SECOND, "ann made pie3");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_line(&s, 0, 0, "ann made pie1");
	add_line(&s, 0, 1 * SECOND, "ann made pie2");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

#define SOON                                                                   \
	"{'rule':'soon-after','observation':'end','after':['made','ate'],"     \
	"'seconds':1}"

Test(rules_lines, soon_after_counts_from_the_last_line)
{
	struct synthetic s = synthetic_new("", SOON);

	add_line(&s, 0, 1 * SECOND, "ann made pie1");
	add_line(&s, 0, 8 * SECOND, "eve ate pie1");
	add_line(&s, 0, 9 * SECOND, "end");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_line(&s, 0, 8 * SECOND, "ann made pie1");
	add_line(&s, 0, 8 * SECOND + SECOND / 2, "end");
	add_line(&s, 0, 12 * SECOND, "eve ate pie1");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_line(&s, 0, 1 * SECOND, "ann made pie1");
	add_line(&s, 0, 3 * SECOND, "end");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_lines, soon_after_nothing_counts_from_the_start)
{
	struct synthetic s = synthetic_new("", SOON);

	add_line(&s, 0, 1 * SECOND, "end");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_line(&s, 0, 2 * SECOND, "end");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

#define ANNOUNCED "{'rule':'announced','observation':'made','by':'end'}"

Test(rules_lines, announced_holds_when_it_is_said_before_the_wait)
{
	struct synthetic s = synthetic_new("", ANNOUNCED);

	add_task(&s, 0, false, 0);
	add_line(&s, 0, 0, "ann made pie0");
	add_line(&s, 0, 0, "ann made pie1"); /* no wait */
	add_line(&s, 0, 0, "end");
	add_line(&s, 1, 1 * SECOND, "bob made tea0"); /* a first line */
	add_line(&s, 0, 1 * SECOND, "end");           /* again: no matter */
	add_line(&s, 0, 1 * SECOND, "ann made pie2");
	cr_expect_eq(judge_once(&s), RULE_HOLDS);
}

Test(rules_lines, announced_may_be_said_before_the_earlier_line)
{
	struct synthetic s = synthetic_new("", ANNOUNCED);

	add_line(&s, 0, 0, "end");
	add_line(&s, 0, 0, "ann made pie0");
	add_line(&s, 0, 1 * SECOND, "ann made pie1");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_line(&s, 0, 0, "end");
	add_line(&s, 0, 0, "ann made pie0");
	add_line(&s, 0, 1 * SECOND, "ann made pie1");
	add_line(&s, 0, 2 * SECOND, "ann made pie2"); /* nobody said it */
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_lines, announced_fails_when_it_is_said_late_or_by_another)
{
	struct synthetic s = synthetic_new("", ANNOUNCED);

	add_line(&s, 0, 0, "ann made pie0");
	add_line(&s, 0, 1 * SECOND, "ann made pie1");
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	add_line(&s, 0, 0, "ann made pie0");
	add_line(&s, 0, 1 * SECOND, "end");
	add_line(&s, 0, 1 * SECOND, "ann made pie1");
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	add_task(&s, 0, false, 0);
	add_line(&s, 0, 0, "ann made pie0");
	add_line(&s, 1, 0, "end");
	add_line(&s, 0, 1 * SECOND, "ann made pie1");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}
