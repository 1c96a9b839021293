/* The rule about what is slept at a time. */
#include "synthetic.h"

static void add_sleep(struct synthetic *s, int64_t asked, int64_t slept)
{
	add_task(s, 0, false, 0);
	add_event(s, EVENT_SLEEP, 1, SECOND, NULL, NULL);
	last_event(s)->value = asked;
	add_line(s, 1, SECOND + slept, "ann made pie0");
}

Test(rules_sleeps, judges_what_was_slept_to_its_end)
{
	struct synthetic s = synthetic_new(
		"", "{'rule':'sleeps','observations':['made'],'max':3}");

	add_sleep(&s, 3 * SECOND, 3 * SECOND);
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_sleep(&s, 4 * SECOND, 4 * SECOND);
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	/* got to run late */
	add_sleep(&s, 3 * SECOND, 9 * SECOND);
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	/* a signal ended it */
	add_sleep(&s, 100 * SECOND, 5 * SECOND);
	cr_expect_eq(judge_once(&s), RULE_HOLDS);
}

static void add_sleeping_thread(struct synthetic *s, int process)
{
	int thread = add_task(s, process, true, 0);

	add_event(s, EVENT_SLEEP, thread, 0, NULL, NULL);
	last_event(s)->value = 5 * SECOND;
	add_event(s, EVENT_EXIT, thread, 5 * SECOND, NULL, NULL);
}

Test(rules_sleeps, leaves_a_thread_beside_the_work_alone)
{
	struct synthetic s = synthetic_new(
		"", "{'rule':'sleeps','observations':['made'],'max':3}");

	add_sleep(&s, 3 * SECOND, 3 * SECOND);
	add_sleeping_thread(&s, 1);
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	/* the thread sleeps for the one that prints */
	add_task(&s, 0, false, 0);
	add_sleeping_thread(&s, 1);
	add_line(&s, 1, 5 * SECOND, "ann made pie0");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_sleeps, leaves_others_alone)
{
	struct synthetic s = synthetic_new(
		"", "{'rule':'sleeps','observations':['sold'],'max':3}");

	add_sleep(&s, 4 * SECOND, 4 * SECOND);
	cr_expect_eq(judge_once(&s), RULE_HOLDS);
}
