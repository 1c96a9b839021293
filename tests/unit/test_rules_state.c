/* Rules about what a process is and knows: its state, its PID, its memory. */
#include <signal.h>

#include "synthetic.h"

#define STATE(state)                                                           \
	"{'rule':'process-state','observations':['end'],'of':['sold'],"        \
	"'state':'" state "'}"

static void add_reap(struct synthetic *s, int task, const char *call)
{
	struct event event = event_make(EVENT_REAP, 0);

	event.other = task;
	event.call = call;
	trace_append(&s->outcome.trace, &event);
}

/* A child that prints its line; main's own comes later. */
static void add_seller(struct synthetic *s)
{
	add_task(s, 0, false, 0);
	add_line(s, 1, 0, "1 sold");
}

Test(rules_state, a_process_lives_until_its_end)
{
	struct synthetic s = synthetic_new("", STATE("alive"));

	add_seller(&s);
	add_line(&s, 0, 0, "end");
	add_exit(&s, 1, 0, -1, SIGTERM);
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_seller(&s);
	add_exit(&s, 1, 0, -1, SIGTERM);
	add_line(&s, 0, 0, "end");
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	cr_expect(strstr(s.result.message.en, "dead already") != NULL);
	synthetic_release(&s);
}

Test(rules_state, lines_of_one_write_do_not_show_who_lived)
{
	struct synthetic s = synthetic_new("", STATE("alive"));

	add_seller(&s);
	add_exit(&s, 1, 0, -1, SIGTERM);
	add_line(&s, 0, 0, "end");
	add_line(&s, 0, 0, "more");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_seller(&s);
	add_exit(&s, 1, 0, -1, SIGTERM);
	add_line(&s, 0, 0, "end");
	add_line(&s, 0, 0, "more");
	last_event(&s)->pc = 16;
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_state, a_zombie_is_dead)
{
	struct synthetic s = synthetic_new("", STATE("dead"));

	add_seller(&s);
	add_exit(&s, 1, 0, 0, 0);
	add_line(&s, 0, 0, "end");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_seller(&s);
	add_line(&s, 0, 0, "end");
	add_exit(&s, 1, 0, 0, 0);
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_state, a_zombie_is_not_reaped)
{
	struct synthetic s = synthetic_new("", STATE("reaped"));

	add_seller(&s);
	add_exit(&s, 1, 0, 0, 0);
	add_line(&s, 0, 0, "end");
	add_reap(&s, 1, "wait4");
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	add_seller(&s);
	add_exit(&s, 1, 0, 0, 0);
	add_reap(&s, 1, "auto");
	add_line(&s, 0, 0, "end");
	cr_expect_eq(judge_once(&s), RULE_HOLDS);
}

Test(rules_state, nobody_is_asked_about_itself)
{
	struct synthetic s = synthetic_new("", STATE("reaped"));

	add_line(&s, 0, 0, "1 sold");
	add_line(&s, 0, 0, "end");
	cr_expect_eq(judge_once(&s), RULE_HOLDS);
}

static void add_signal(struct synthetic *s, int from, int to)
{
	struct event event = event_make(EVENT_SIGNAL_SENT, from);

	event.other = to;
	event.signal = SIGTERM;
	trace_append(&s->outcome.trace, &event);
}

#define TERMINATED                                                             \
	"{'rule':'ends-by','observations':['sold'],'by':'signal',"             \
	"'number':15,'by_other':true}"

Test(rules_state, who_ends_itself_is_not_ended_by_another)
{
	struct synthetic s = synthetic_new("", TERMINATED);

	add_seller(&s);
	add_signal(&s, 1, 1);
	add_exit(&s, 1, 0, -1, SIGTERM);
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	add_seller(&s);
	add_signal(&s, 0, 1);
	add_signal(&s, 1, 1); /* its handler, to end by the default action */
	add_exit(&s, 1, 0, -1, SIGTERM);
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_seller(&s);
	add_exit(&s, 1, 0, -1, SIGTERM); /* nobody knows by whom */
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_seller(&s);
	add_signal(&s, 0, 1);
	add_exit(&s, 1, 0, -1, SIGKILL);
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	cr_expect(strstr(s.result.message.en, "SIGKILL did it") != NULL);
	synthetic_release(&s);
}

/* "PID made pPARENT" */
#define NUMBERS                                                                \
	"{'rule':'process-numbers','observations':['made'],'pid':'who',"       \
	"'parent':'n'}"

Test(rules_state, numbers_are_those_of_the_writer_and_its_parent)
{
	struct synthetic s = synthetic_new("", NUMBERS);

	add_task(&s, 0, false, 0); /* PID 3; main's is 2 */
	add_task(&s, 1, true, 0);  /* a thread of it */
	add_line(&s, 2, 0, "3 made p2");
	add_line(&s, 0, 0, "2 made p1");
	cr_expect_eq(judge_once(&s), RULE_HOLDS);
}

Test(rules_state, numbers_of_others_are_not_right)
{
	struct synthetic s = synthetic_new("", NUMBERS);

	add_task(&s, 0, false, 0);
	add_line(&s, 1, 0, "2 made p2");
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	cr_expect(strstr(s.result.message.en, "is 3, not 2") != NULL);
	add_task(&s, 0, false, 0);
	add_line(&s, 1, 0, "3 made p3");
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	cr_expect(strstr(s.result.message.en, "is 2, not 3") != NULL);
	add_line(&s, 0, 0, "2 made p7");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_state, an_orphan_has_a_new_parent)
{
	struct synthetic s = synthetic_new("", NUMBERS);

	add_task(&s, 0, false, 0);
	add_task(&s, 1, false, 0);
	add_line(&s, 2, 0, "4 made p1");
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	add_task(&s, 0, false, 0);
	add_task(&s, 1, false, 0);
	add_exit(&s, 1, 0, 0, 0);
	add_event(&s, EVENT_ORPHAN, 2, 0, NULL, NULL);
	add_line(&s, 2, 0, "4 made p1");
	add_line(&s, 2, 0, "4 made p2"); /* main is a subreaper */
	add_line(&s, 2, 0, "4 made p3"); /* asked before */
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	synthetic_release(&s);
}

#define PRIVATE "{'rule':'private-number','number':'count + 7018'}"

static void add_access(
	struct synthetic *s, int task, const char *object, const char *text)
{
	add_event(s, EVENT_ACCESS, task, 0, object, text);
}

Test(rules_state, a_number_in_shared_memory_is_seen)
{
	struct synthetic s = synthetic_new("", PRIVATE);

	add_task(&s, 0, false, 0);
	add_access(&s, 0, "memory:1", "0");
	add_access(&s, 1, "memory:1", "7021");
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	cr_expect(strstr(s.result.message.en, "7021") != NULL);
	synthetic_release(&s);
}

Test(rules_state, a_number_that_one_process_alone_touches_is_seen_too)
{
	struct synthetic s = synthetic_new("", PRIVATE);

	add_task(&s, 0, false, 0);
	add_access(&s, 1, "memory:1", "7021");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

/* Task 1 was forked so, and says that. */
static int judge_borrower(int64_t how, bool executes, const char *line)
{
	struct synthetic s = synthetic_new("", PRIVATE);

	add_task(&s, 0, false, 0);
	last_event(&s)->value = how;
	if (executes)
		add_event(&s, EVENT_EXEC, 1, 0, "program", NULL);
	add_line(&s, 1, 0, line);
	return judge_once(&s);
}

Test(rules_state, a_process_in_the_memory_of_its_maker_shares_it_all)
{
	const char *line = "7021 made p1";

	cr_expect_eq(judge_borrower(2, false, line), RULE_FAILS);
	cr_expect_eq(judge_borrower(2, true, line), RULE_HOLDS);
	cr_expect_eq(judge_borrower(0, false, line), RULE_HOLDS);
	cr_expect_eq(judge_borrower(2, false, "4 made p1"), RULE_HOLDS);
}

Test(rules_state, a_number_with_a_point_is_the_number_too)
{
	static const char *const BITS[] = {"4664441685839708160", "1172006912"};

	for (int i = 0; i < 2; i++) {
		struct synthetic s = synthetic_new("", PRIVATE);

		add_task(&s, 0, false, 0);
		add_access(&s, 0, "memory:1", "0");
		add_access(&s, 1, "memory:1", BITS[i]);
		cr_expect_eq(judge_once(&s), RULE_FAILS);
	}
}

Test(rules_state, threads_and_other_numbers_share_nothing)
{
	struct synthetic s = synthetic_new("", PRIVATE);

	add_task(&s, 0, false, 0);
	add_task(&s, 1, true, 0);
	add_access(&s, 1, "memory:1", "7021"); /* two threads of one */
	add_access(&s, 2, "memory:1", "7021");
	add_access(&s, 0, "memory:2", "1"); /* a flag */
	add_access(&s, 1, "memory:2", "70210");
	add_access(&s, 1, "memory:2", NULL);
	cr_expect_eq(judge_once(&s), RULE_HOLDS);
}
