/* The different results of one program. */
#include "grader/outcomes.h"

#include "plain_run.h"

/* Adds the run, ended by main with STATUS; releases it. */
static void add(struct outcomes *outcomes, struct plain_run *plain, int status,
	uint64_t seed)
{
	struct account account;

	plain_exit(plain, 0, 0, status, 0, 0);
	plain_observe(plain);
	plain->run.policy = SCHEDULE_RANDOM;
	plain->run.seed = seed;
	account_make(&account, &plain->run);
	outcomes_add(outcomes, &plain->run, &account);
	account_release(&account);
	plain_release(plain);
}

static void add_lines(struct outcomes *outcomes, const char *one,
	const char *two, int status, uint64_t seed)
{
	struct plain_run plain;

	plain_start(&plain);
	plain_line(&plain, one);
	if (two)
		plain_line(&plain, two);
	add(outcomes, &plain, status, seed);
}

Test(outcomes, the_same_lines_in_another_order_are_one_result)
{
	struct outcomes outcomes = {0};

	add_lines(&outcomes, "a", "b", 0, 1);
	add_lines(&outcomes, "b", "a", 0, 2);
	add_lines(&outcomes, "a", "b", 0, 3);
	outcomes_settle(&outcomes);
	cr_assert_eq(outcomes.count, 1);
	cr_expect_eq(outcomes.results[0].runs, 3);
	cr_expect_eq(outcomes.results[0].order_count, 2);
	cr_expect_eq(outcomes.results[0].seed, 1);
	cr_expect_eq(outcomes.failed, 0);
	cr_expect_null(outcomes.results[0].telling);
	outcomes_release(&outcomes);
}

Test(outcomes, another_line_is_another_result_and_told_by_it)
{
	struct outcomes outcomes = {0};

	add_lines(&outcomes, "start", "count = 2", 0, 1);
	add_lines(&outcomes, "start", "count = 1", 0, 7);
	add_lines(&outcomes, "start", NULL, 0, 9);
	outcomes_settle(&outcomes);
	cr_assert_eq(outcomes.count, 3);
	cr_expect_str_eq(outcomes.results[0].telling, "count = 2");
	cr_expect_str_eq(outcomes.results[1].telling, "count = 1");
	cr_expect_eq(outcomes.results[1].seed, 7);
	cr_expect_null(outcomes.results[2].telling);
	cr_expect_str_eq(outcomes.results[2].missing, "count = 2");
	outcomes_release(&outcomes);
}

Test(outcomes, a_line_twice_is_not_the_line_once)
{
	struct outcomes outcomes = {0};

	add_lines(&outcomes, "sold", NULL, 0, 1);
	add_lines(&outcomes, "sold", "sold", 0, 2);
	outcomes_settle(&outcomes);
	cr_assert_eq(outcomes.count, 2);
	cr_expect_str_eq(outcomes.results[0].missing, "sold");
	cr_expect_str_eq(outcomes.results[1].telling, "sold");
	outcomes_release(&outcomes);
}

Test(outcomes, lines_are_not_glued_together)
{
	struct outcomes outcomes = {0};

	add_lines(&outcomes, "ab", "c", 0, 1);
	add_lines(&outcomes, "a", "bc", 0, 2);
	cr_expect_eq(outcomes.count, 2);
	outcomes_release(&outcomes);
}

Test(outcomes, another_exit_status_is_another_result_and_a_failure)
{
	struct outcomes outcomes = {0};

	add_lines(&outcomes, "a", NULL, 0, 1);
	add_lines(&outcomes, "a", NULL, 1, 2);
	cr_assert_eq(outcomes.count, 2);
	cr_expect_eq(outcomes.failed, 1);
	cr_expect(outcomes.results[0].well);
	cr_expect_not(outcomes.results[1].well);
	outcomes_release(&outcomes);
}

Test(outcomes, what_went_wrong_is_kept_with_its_result)
{
	struct outcomes outcomes = {0};
	struct plain_run plain;

	add_lines(&outcomes, "a", NULL, 0, 1);
	plain_start(&plain);
	plain_line(&plain, "a");
	plain_exit(&plain, plain_fork(&plain, 0, false, 1), 0, -1, SIGSEGV, 3);
	add(&outcomes, &plain, 0, 2);
	cr_assert_eq(outcomes.count, 2);
	cr_expect_eq(outcomes.failed, 1);
	cr_expect_null(outcomes.results[0].problem.en);
	cr_expect(strstr(outcomes.results[1].problem.en, "child 1 crashed"));
	outcomes_release(&outcomes);
}

Test(outcomes, files_and_zombies_tell_results_apart)
{
	static const char *const contents[] = {"1", "2", "2"};
	struct outcomes outcomes = {0};

	for (int i = 0; i < 3; i++) {
		struct plain_run plain;

		plain_start(&plain);
		plain_file(&plain, "count", contents[i]);
		if (i == 2)
			plain_mark(&plain, EVENT_ZOMBIE,
				plain_fork(&plain, 0, false, 1), -1);
		add(&outcomes, &plain, 0, 1);
	}
	cr_assert_eq(outcomes.count, 3);
	cr_expect_str_eq(outcomes.results[1].trouble.en, "");
	cr_expect_str_eq(outcomes.results[2].trouble.en, "a zombie");
	outcomes_release(&outcomes);
}

Test(outcomes, lines_are_kept_of_the_first_results_only)
{
	struct outcomes outcomes = {0};

	for (int i = 0; i < 3 * OUTCOMES_TOLD; i++) {
		auto_free char *line = xasprintf("%d", i);

		add_lines(&outcomes, line, NULL, 0, 1);
	}
	outcomes_settle(&outcomes);
	cr_assert_eq(outcomes.count, 3 * OUTCOMES_TOLD);
	cr_expect(outcomes.results[OUTCOMES_TOLD - 1].lines_kept);
	cr_expect_not(outcomes.results[OUTCOMES_TOLD].lines_kept);
	cr_expect_null(outcomes.results[OUTCOMES_TOLD].telling);
	outcomes_release(&outcomes);
}
