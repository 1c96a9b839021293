/* Rules about lines that arrive: what a fork doubles. */
#include <stdlib.h>

#include "synthetic.h"

/* "start" is no line of the exercise; FIRST and SECOND say it. */
static enum rule_state judge_other(
	const char *flag, const char *copied, int first, int second)
{
	auto_free char *rule = xasprintf(
		"{'rule':'same-output','observations':['end']%s}", flag);
	struct synthetic s = synthetic_new("", rule);
	enum rule_state state;

	add_line(&s, 0, 0, "start");
	add_line(&s, 0, 0, "end");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	s.outcome.copied = xstrdup(copied);
	add_line(&s, first, 0, "start");
	add_line(&s, second, 0, "start");
	add_line(&s, 0, 0, "end");
	state = judge_scenario(&s, 1);
	free(s.outcome.copied);
	synthetic_release(&s);
	return state;
}

Test(rules_output, same_output_may_look_for_what_a_fork_doubled)
{
	const char *flag = ",'others':true";

	cr_expect_eq(judge_other(flag, "start\n", 0, 1), RULE_FAILS);
	cr_expect_eq(judge_other(flag, "x\nstart\ny", 0, 1), RULE_FAILS);
	cr_expect_eq(judge_other("", "start\n", 0, 1), RULE_HOLDS);
	/* twice by itself; a part of a line; of another line */
	cr_expect_eq(judge_other(flag, "start\n", 1, 1), RULE_HOLDS);
	cr_expect_eq(judge_other(flag, "start", 0, 1), RULE_HOLDS);
	cr_expect_eq(judge_other(flag, "x\n\n", 0, 1), RULE_HOLDS);
}
