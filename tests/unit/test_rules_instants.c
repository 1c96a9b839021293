/* Rules about what happens at one instant: woken, inside-at. */
#include <stdio.h>

#include "synthetic.h"

#define WOKEN                                                                  \
	"{'rule':'woken','observation':'ate','than':'made','lag':0,'own':1}"

static void add_hold(struct synthetic *s, int task, int64_t at_us)
{
	add_event(s, EVENT_FAULT, task, at_us, "late", NULL);
}

/* A guest that begins at 0 and sleeps, a cook that puts a pie at 3.3 s. */
static enum rule_state judge_guest(int64_t begins_us, int64_t eats_us)
{
	struct synthetic s = synthetic_new("", WOKEN);

	add_task(&s, 0, false, 0);
	add_task(&s, 0, false, 0);
	add_event(&s, EVENT_SLEEP, 2, begins_us, NULL, NULL);
	add_line(&s, 1, 33 * SECOND / 10, "ann made pie0");
	add_line(&s, 2, eats_us, "eve ate pie0");
	return judge_once(&s);
}

Test(rules_instants, woken_holds_at_the_instant_only)
{
	cr_expect_eq(judge_guest(0, 33 * SECOND / 10), RULE_HOLDS);
	cr_expect_eq(judge_guest(0, 33 * SECOND / 10 + 50), RULE_HOLDS);
	cr_expect_eq(judge_guest(0, 33 * SECOND / 10 + 300), RULE_FAILS);
	cr_expect_eq(judge_guest(0, 34 * SECOND / 10), RULE_FAILS);
}

Test(rules_instants, woken_leaves_aside_who_was_not_waiting)
{
	/* it slept for its own second until 3.4 s */
	cr_expect_eq(
		judge_guest(24 * SECOND / 10, 34 * SECOND / 10), RULE_HOLDS);
	/* it waited for the cook to begin, and slept then */
	cr_expect_eq(judge_guest(0, 43 * SECOND / 10), RULE_HOLDS);
}

Test(rules_instants, woken_leaves_aside_whom_the_grader_holds_up)
{
	struct synthetic s = synthetic_new("", WOKEN);

	add_task(&s, 0, false, 0);
	add_task(&s, 0, false, 0);
	add_task(&s, 0, false, 0);
	add_hold(&s, 3, 0);
	add_line(&s, 1, 2 * SECOND, "ann made pie0");
	add_event(&s, EVENT_POST, 3, 5 * SECOND / 2, "sem:1", NULL);
	add_line(&s, 2, 5 * SECOND / 2, "eve ate pie0");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	/* let go when the pie was made, and no longer a reason */
	add_task(&s, 0, false, 0);
	add_task(&s, 0, false, 0);
	add_hold(&s, 1, 0);
	add_event(&s, EVENT_SLEEP, 2, 0, NULL, NULL);
	add_line(&s, 1, 2 * SECOND, "ann made pie0");
	add_line(&s, 2, 5 * SECOND / 2, "eve ate pie0");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

#define INSIDE_AT                                                              \
	"{'rule':'inside-at','observation':'end','put':'made','got':'ate',"    \
	"'min':'count'}"

/* Two cooked at 0; a third by task 1 after its "end". */
static void add_two(struct synthetic *s)
{
	add_task(s, 0, false, 0);
	add_task(s, 0, false, 0);
	add_line(s, 1, 0, "ann made pie0");
	add_line(s, 1, 0, "ann made pie1");
}

Test(rules_instants, inside_at_counts_lines_and_allows_for_one_to_come)
{
	struct synthetic s = synthetic_new("", INSIDE_AT);

	add_two(&s);
	add_line(&s, 1, 0, "ann made pie2");
	add_line(&s, 1, 0, "end");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	/* put, but its line not yet written */
	add_two(&s);
	add_line(&s, 1, 0, "end");
	add_line(&s, 1, 0, "ann made pie2");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	/* the third comes only later, or is another's */
	add_two(&s);
	add_line(&s, 1, 0, "end");
	add_line(&s, 1, SECOND, "ann made pie2");
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	add_two(&s);
	add_line(&s, 1, 0, "end");
	add_line(&s, 2, 0, "bob made pie2");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_instants, inside_at_takes_off_what_was_gone_before_the_instant)
{
	struct synthetic s = synthetic_new("", INSIDE_AT);

	add_two(&s);
	add_line(&s, 1, 0, "ann made pie2");
	add_line(&s, 2, SECOND, "eve ate pie0");
	add_line(&s, 1, SECOND, "end");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_two(&s);
	add_line(&s, 1, 0, "ann made pie2");
	add_line(&s, 2, SECOND, "eve ate pie0");
	add_line(&s, 1, 2 * SECOND, "end");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_instants, inside_at_leaves_aside_what_was_seen_before_a_hold)
{
	struct synthetic s = synthetic_new("", INSIDE_AT);

	/* held between its look and its line */
	add_two(&s);
	add_hold(&s, 1, 0);
	add_line(&s, 2, SECOND, "eve ate pie0");
	add_line(&s, 1, 2 * SECOND, "end");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	/* it has put something since */
	add_two(&s);
	add_hold(&s, 1, 0);
	add_line(&s, 2, SECOND, "eve ate pie0");
	add_line(&s, 1, 2 * SECOND, "ann made pie2");
	add_line(&s, 1, 2 * SECOND, "end");
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	/* another that may keep the items is held up */
	add_two(&s);
	add_hold(&s, 2, 0);
	add_line(&s, 1, 0, "end");
	cr_expect_eq(judge_once(&s), RULE_HOLDS);
}
