/* The rule about who leaves a queue before the others have emptied it. */
#include "synthetic.h"

#define TAKES "{'rule':'ends-after-takes','observation':'ate','seconds':1}"

static void add_store(
	struct synthetic *s, int task, int64_t at_us, int64_t offset)
{
	add_event(s, EVENT_ACCESS, task, at_us, "memory:1", "1");
	last_event(s)->call = "write";
	last_event(s)->offset = offset;
}

static void add_get(
	struct synthetic *s, int task, int64_t at_us, const char *channel)
{
	add_event(s, EVENT_GET, task, at_us, channel, "x");
}

/* Two guests, tasks 1 and 2, have eaten once, each with one taking. */
static void begin(struct synthetic *s, int64_t offset, int64_t other)
{
	add_task(s, 0, false, 0);
	add_task(s, 0, false, 0);
	add_store(s, 1, 0, offset);
	add_store(s, 2, 0, other);
	add_line(s, 1, SECOND, "ann ate pie0");
}

Test(rules_takes, fails_for_who_leaves_before_the_last_taking)
{
	struct synthetic s = synthetic_new("", TAKES);

	begin(&s, 8, 8);
	add_exit(&s, 1, SECOND, 0, 0);
	add_line(&s, 2, 2 * SECOND, "bob ate pie1");
	add_store(&s, 2, 2 * SECOND, 8);
	add_line(&s, 2, 3 * SECOND, "bob ate pie2");
	add_exit(&s, 2, 3 * SECOND, 0, 0);
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	cr_expect_eq(s.result.evidence_count, 3);
	cr_expect(strstr(s.result.message.en, "guest ann ended") != NULL);
	synthetic_release(&s);
}

Test(rules_takes, holds_when_the_last_one_may_have_been_taken_before)
{
	struct synthetic s = synthetic_new("", TAKES);

	begin(&s, 8, 8);
	add_line(&s, 2, 2 * SECOND, "bob ate pie1");
	add_store(&s, 2, 2 * SECOND, 8);
	add_exit(&s, 1, 2 * SECOND, 0, 0);
	add_line(&s, 2, 3 * SECOND, "bob ate pie2");
	cr_expect_eq(judge_once(&s), RULE_HOLDS);
}

Test(rules_takes, holds_for_queues_of_their_own)
{
	struct synthetic s = synthetic_new("", TAKES);

	begin(&s, 8, 16);
	add_exit(&s, 1, SECOND, 0, 0);
	add_line(&s, 2, 2 * SECOND, "bob ate pie1");
	add_store(&s, 2, 2 * SECOND, 16);
	add_line(&s, 2, 3 * SECOND, "bob ate pie2");
	cr_expect_eq(judge_once(&s), RULE_HOLDS);
}

Test(rules_takes, holds_for_who_takes_ahead)
{
	struct synthetic s = synthetic_new("", TAKES);

	begin(&s, 8, 8);
	add_store(&s, 2, 0, 8); /* two at once, or the next one */
	add_exit(&s, 1, SECOND, 0, 0);
	add_line(&s, 2, 2 * SECOND, "bob ate pie1");
	add_store(&s, 2, 2 * SECOND, 8);
	add_line(&s, 2, 3 * SECOND, "bob ate pie2");
	cr_expect_eq(judge_once(&s), RULE_HOLDS);
}

Test(rules_takes, holds_for_what_is_counted_as_the_line_is_written)
{
	struct synthetic s = synthetic_new("", TAKES);

	add_task(&s, 0, false, 0);
	add_task(&s, 0, false, 0);
	add_store(&s, 1, SECOND, 8);
	add_line(&s, 1, SECOND, "ann ate pie0");
	add_exit(&s, 1, SECOND, 0, 0);
	add_store(&s, 2, 2 * SECOND, 8);
	add_line(&s, 2, 2 * SECOND, "bob ate pie1");
	add_store(&s, 2, 3 * SECOND, 8);
	add_line(&s, 2, 3 * SECOND, "bob ate pie2");
	cr_expect_eq(judge_once(&s), RULE_HOLDS);
}

/* Each of three takings is TIMES gets; the guest puts into the channel, too. */
static enum rule_state judge_gets(const char *other, int times, bool puts)
{
	struct synthetic s = synthetic_new("", TAKES);

	add_task(&s, 0, false, 0);
	add_task(&s, 0, false, 0);
	for (int i = 0; i < times; i++) {
		add_get(&s, 1, 0, "pipe:1");
		add_get(&s, 2, 0, other);
	}
	if (puts)
		add_event(&s, EVENT_PUT, 2, 0, other, "x");
	add_line(&s, 1, SECOND, "ann ate pie0");
	add_exit(&s, 1, SECOND, 0, 0);
	add_line(&s, 2, 2 * SECOND, "bob ate pie1");
	for (int i = 0; i < times; i++)
		add_get(&s, 2, 2 * SECOND, other);
	add_line(&s, 2, 3 * SECOND, "bob ate pie2");
	return judge_once(&s);
}

Test(rules_takes, sees_takings_from_channels)
{
	cr_expect_eq(judge_gets("pipe:1", 1, false), RULE_FAILS);
	cr_expect_eq(judge_gets("pipe:1", 2, false), RULE_FAILS);
	cr_expect_eq(judge_gets("pipe:2", 1, false), RULE_HOLDS);
	cr_expect_eq(judge_gets("pipe:1", 1, true), RULE_HOLDS); /* a token */
}
