/* What rules make of processes that main left behind, on synthetic runs. */
#include <criterion/criterion.h>

#include "synthetic.h"

Test(rules_left, nothing_left_shows_no_step_of_who_is_followed)
{
	struct synthetic s = synthetic_new("", "{'rule':'nothing-left'}");

	add_task(&s, 0, false, 0);
	add_exit(&s, 0, SECOND, 0, 0);
	add_event(&s, EVENT_LEFT, 1, SECOND, NULL, NULL);
	add_line(&s, 1, 2 * SECOND, "end");
	add_exit(&s, 1, 2 * SECOND, 0, 0);
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	cr_expect_eq(s.result.evidence_count, 2); /* main's end, who is left */
	synthetic_release(&s);
}

/* That nobody waited for it is a matter of other rules. */
Test(rules_left, duration_goes_on_to_the_end_of_who_was_left)
{
	struct synthetic s = synthetic_new("", "{'rule':'duration','min':3}");

	add_task(&s, 0, false, 0);
	add_exit(&s, 0, 2 * SECOND, 0, 0);
	add_event(&s, EVENT_LEFT, 1, 2 * SECOND, NULL, NULL);
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	add_task(&s, 0, false, 0);
	add_exit(&s, 0, 2 * SECOND, 0, 0);
	add_event(&s, EVENT_LEFT, 1, 2 * SECOND, NULL, NULL);
	add_exit(&s, 1, 3 * SECOND, 0, 0);
	cr_expect_eq(judge_once(&s), RULE_HOLDS);
}

Test(rules_left, who_was_followed_to_its_end_may_write_no_more)
{
	struct synthetic s = synthetic_new("",
		"{'rule':'count','observations':['end'],'min':1,'max':1,"
		"'all_ended':true}");

	add_task(&s, 0, false, 0);
	add_event(&s, EVENT_LEFT, 1, 0, NULL, NULL);
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_event(&s, EVENT_LEFT, 1, 0, NULL, NULL);
	add_exit(&s, 1, SECOND, 0, 0);
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}
