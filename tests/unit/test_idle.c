#include <criterion/criterion.h>

#include "model/idle.h"

static enum idle_advice ask(struct idle *idle, int times, bool reads_time)
{
	enum idle_advice last = IDLE_GO_ON;

	while (times-- > 0)
		last = idle_call(idle, reads_time);
	return last;
}

Test(idle, a_few_questions_are_no_busy_waiting)
{
	struct idle idle = {0};

	cr_expect_eq(ask(&idle, IDLE_CALLS - 1, false), IDLE_GO_ON);
	idle_progress(&idle);
	cr_expect_eq(ask(&idle, IDLE_CALLS - 1, false), IDLE_GO_ON);
	cr_expect_not(idle.spinning);
}

Test(idle, the_state_is_saved_at_doublings_and_compared_between)
{
	struct idle idle = {0};
	int saves = 0, compares = 0, i;

	for (i = 1; i < 8 * IDLE_CALLS; i++) {
		enum idle_advice advice = idle_call(&idle, false);

		saves += advice == IDLE_SAVE;
		compares += advice == IDLE_COMPARE;
		cr_expect_neq(advice, IDLE_SLEEP);
	}
	cr_expect_eq(saves, 3);
	cr_expect_eq(saves + compares, 7 * IDLE_CALLS);
}

Test(idle, a_state_that_differs_is_not_compared_before_the_next_doubling)
{
	struct idle idle = {0};

	ask(&idle, IDLE_CALLS + 1, false);
	idle_differs(&idle);
	cr_expect_eq(ask(&idle, IDLE_CALLS - 2, false), IDLE_GO_ON);
	cr_expect_eq(ask(&idle, 1, false), IDLE_SAVE);
}

Test(idle, once_proved_a_reader_of_clocks_pays_for_each_question)
{
	struct idle idle = {0};

	ask(&idle, IDLE_CALLS + 1, true);
	idle_proved(&idle);
	cr_expect_eq(ask(&idle, 1, true), IDLE_SLEEP);
	idle_again(&idle);
	cr_expect_eq(ask(&idle, 1, true), IDLE_SAVE);
}

Test(idle, what_is_never_proved_pays_in_the_end)
{
	struct idle idle = {0};

	cr_expect_neq(ask(&idle, IDLE_FREE_CALLS - 1, false), IDLE_SLEEP);
	cr_expect_not(idle.spinning);
	cr_expect_eq(ask(&idle, 1, false), IDLE_SLEEP);
	cr_expect(idle.spinning);
	cr_expect_not(idle.proved);
}
