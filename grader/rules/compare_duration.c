/*
 * compare-duration: tells the virtual time of two scenarios beside each
 * other, in a note; it never fails.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {{0}};

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	size_t own = (size_t)(run->scenario - run->exercise->scenarios);
	const struct scenario *first;
	double before, now = rule_seconds(rule_program_us(run));

	(void)rule;
	if (!run->outcome->main_ended || run->outcome->main_status != 0)
		return;
	if (!memory->set) {
		memory->set = true;
		memory->scenario = own;
		memory->time_us = rule_program_us(run);
		return;
	}
	if (memory->told || own == memory->scenario)
		return;
	memory->told = true;
	first = &run->exercise->scenarios[memory->scenario];
	before = rule_seconds(memory->time_us);
	result->note.zh = xasprintf("%s 用了 %.1f 秒，%s 用了 %.1f 秒"
				    "（虚拟时间）：这就是加锁的代价。",
		first->command, before, run->scenario->command, now);
	result->note.en = xasprintf(
		"%s took %.1f s and %s took %.1f s of virtual time: that is "
		"the price of the lock.",
		first->command, before, run->scenario->command, now);
}

const struct rule_kind RULE_COMPARE_DURATION = {
	.name = "compare-duration",
	.meaning = "a note with the virtual times of two scenarios; never "
		   "fails",
	.fields = FIELDS,
	.judge = judge,
};
