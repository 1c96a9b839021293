/* All orders of small programs: each once, and none is missed. */
#include <criterion/criterion.h>
#include <string.h>

#include "grader/orders.h"
#include "schedule_model.h"

static const struct model_program alone = {"alone", 1, false, {{R(0), S(0)}}};
static const struct model_program pair = {
	"pair", 2, false, {{R(0), R(0), R(0)}, {S(0), S(0), S(0)}}};
static const struct model_program three = {"three", 3, false,
	{{R(0), R(0), R(0)}, {S(0), S(0), S(0)}, {S(1), S(1), S(1)}}};
static const struct model_program crosswise = {"crosswise", 2, false,
	{{L(0), L(1), U(1), U(0)}, {L(1), L(0), U(0), U(1)}}};

struct seen {
	char **orders; /* who ran at each step */
	size_t count, deadlocks;
	bool exhausted;
};

static char *order_of(const struct model_run *run)
{
	char *text = xcalloc(run->step_count + 1, 1);

	for (size_t i = 0; i < run->step_count; i++) {
		const struct model_step *step = &run->steps[i];

		text[i] =
			(char)('a' + (char)step->candidates[step->chosen].task);
	}
	return text;
}

static void see(struct seen *seen, const struct model_program *program,
	uint64_t number, struct orders *orders)
{
	const struct model_how how = {
		.policy = SCHEDULE_NUMBERED, .seed = number};
	struct run_outcome outcome = {0};
	struct model_run run;

	model_run(program, &how, &run);
	outcome.widths = run.widths;
	outcome.choice_count = run.choice_count;
	orders_add(orders, number, &outcome);
	seen->orders = xreallocarray(
		seen->orders, seen->count + 1, sizeof(*seen->orders));
	seen->orders[seen->count++] = order_of(&run);
	seen->deadlocks += run.deadlock;
	model_run_release(&run);
}

static struct seen see_all(const struct model_program *program, size_t most)
{
	struct orders orders;
	struct seen seen = {0};

	orders_start(&orders, most, false);
	see(&seen, program, 0, &orders);
	while (!orders.given_up && orders.next < orders.count)
		see(&seen, program, orders.numbers[orders.next++], &orders);
	seen.exhausted = !orders.given_up;
	orders_release(&orders);
	return seen;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void release(struct seen *seen)
{
	for (size_t i = 0; i < seen->count; i++)
		free(seen->orders[i]);
	free(seen->orders);
}

static void expect_orders(const struct model_program *program, size_t expected)
{
	struct seen seen = see_all(program, 5000);

	cr_expect(seen.exhausted);
	cr_expect_eq(
		seen.count, expected, "%s: %zu", program->name, seen.count);
	qsort(seen.orders, seen.count, sizeof(*seen.orders), by_text);
	for (size_t i = 1; i < seen.count; i++)
		cr_expect_str_neq(seen.orders[i - 1], seen.orders[i]);
	release(&seen);
}

Test(orders, are_as_many_as_combinatorics_says)
{
	expect_orders(&alone, 1);
	expect_orders(&pair, 20);    /* 6! / (3! 3!) */
	expect_orders(&three, 1680); /* 9! / (3! 3! 3!) */
}

Test(orders, the_first_is_that_of_run_to_block)
{
	struct seen seen = see_all(&pair, 5000);

	cr_expect_str_eq(seen.orders[0], "aaabbb");
	release(&seen);
}

Test(orders, every_deadlock_is_among_them)
{
	struct seen seen = see_all(&crosswise, 5000);

	cr_expect(seen.exhausted);
	cr_expect_gt(seen.deadlocks, 0);
	cr_expect_lt(seen.deadlocks, seen.count);
	release(&seen);
}

Test(orders, are_given_up_when_they_are_too_many)
{
	struct seen seen = see_all(&three, 50);

	cr_expect_not(seen.exhausted);
	cr_expect_leq(seen.count, 50);
	release(&seen);
	seen = see_all(&pair, 19);
	cr_expect_not(seen.exhausted);
	release(&seen);
	seen = see_all(&pair, 20);
	cr_expect(seen.exhausted);
	release(&seen);
}

Test(orders, are_given_up_when_they_are_not_the_whole_truth)
{
	const struct run_outcome outcomes[] = {{.took_random = true},
		{.limit = "steps"}, {.end = RUN_END_LIMIT},
		{.end = RUN_END_UNSUPPORTED}};

	for (size_t i = 0; i < sizeof(outcomes) / sizeof(*outcomes); i++) {
		struct orders orders;

		orders_start(&orders, 50, false);
		orders_add(&orders, 0, &outcomes[i]);
		cr_expect(orders.given_up);
		orders_release(&orders);
	}
}
