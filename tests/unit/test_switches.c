/*
 * Switches: what a policy chose can be written down as departures from
 * run-to-block, and made again from them.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "scheduler/schedule.h"

#define PICKS 400

/*
 * Makes PICKS choices among up to five tasks, of which some cannot run now
 * and then; what can run depends on what was chosen before, as in a program.
 */
static void make_choices(struct schedule *schedule, uint32_t *chosen)
{
	uint64_t state = 7;
	uint32_t current = 0;

	for (size_t i = 0; i < PICKS; i++) {
		struct schedule_candidate candidates[5];
		uint64_t can = schedule_random(&state) ^ current;
		size_t count = 0;

		for (uint32_t task = 0; task < 5; task++)
			if (can >> task & 1)
				candidates[count++] =
					(struct schedule_candidate){
						.task = task};
		if (!count)
			candidates[count++] =
				(struct schedule_candidate){.task = 3};
		schedule->position = (uint32_t)(10 * i);
		current = candidates[schedule_pick(schedule, candidates, count,
					     current)]
				  .task;
		state += current;
		chosen[i] = current;
	}
}

static void expect_same(
	const struct schedule_switch *a, const struct schedule_switch *b)
{
	cr_expect(a->task == b->task && a->point == b->point &&
		  a->to == b->to && a->involuntary == b->involuntary &&
		  a->position == b->position);
}

Test(switches, departures_make_the_same_choices_again)
{
	for (uint64_t seed = 1; seed <= 50; seed++) {
		struct schedule first, again;
		uint32_t a[PICKS], b[PICKS];

		schedule_start(&first, SCHEDULE_RANDOM, seed, NULL, 0);
		make_choices(&first, a);
		cr_assert(first.switch_count > 10);
		schedule_start(&again, SCHEDULE_RUN_TO_BLOCK, 0, NULL, 0);
		schedule_fix(&again, first.switches, first.switch_count);
		make_choices(&again, b);
		cr_assert_arr_eq(a, b, sizeof(a));
		cr_assert_eq(again.switch_count, first.switch_count);
		for (size_t i = 0; i < first.switch_count; i++)
			expect_same(&again.switches[i], &first.switches[i]);
		schedule_release(&first);
		schedule_release(&again);
	}
}

Test(switches, run_to_block_departs_from_nothing)
{
	struct schedule schedule;
	uint32_t chosen[PICKS];

	schedule_start(&schedule, SCHEDULE_RUN_TO_BLOCK, 1, NULL, 0);
	make_choices(&schedule, chosen);
	cr_expect_eq(schedule.switch_count, 0);
	schedule_release(&schedule);
}

Test(switches, a_switch_is_involuntary_when_the_task_could_have_gone_on)
{
	const struct schedule_switch plan[] = {
		{.task = 0, .point = 1, .to = 2}, {.task = 2, .to = 1}};
	const struct schedule_candidate all[] = {
		{.task = 0}, {.task = 1}, {.task = 2}};
	const struct schedule_candidate others[] = {{.task = 0}, {.task = 1}};
	struct schedule schedule;

	schedule_start(&schedule, SCHEDULE_RUN_TO_BLOCK, 1, NULL, 0);
	schedule_fix(&schedule, plan, 2);
	cr_expect_eq(schedule_pick(&schedule, all, 3, 0), 0);
	schedule.position = 17;
	cr_expect_eq(schedule_pick(&schedule, all, 3, 0), 2);
	cr_expect_eq(schedule_pick(&schedule, others, 2, 2), 1);
	cr_assert_eq(schedule.switch_count, 2);
	cr_expect(schedule.switches[0].involuntary);
	cr_expect_eq(schedule.switches[0].position, 17);
	cr_expect_not(schedule.switches[1].involuntary);
	cr_expect_eq(switches_count(schedule.switches, 2), 1);
	schedule_release(&schedule);
}

Test(switches, a_departure_to_a_task_that_cannot_run_is_passed_over)
{
	const struct schedule_switch plan[] = {{.task = 0, .point = 0, .to = 9},
		{.task = 5, .point = 77, .to = 1}};
	const struct schedule_candidate all[] = {{.task = 0}, {.task = 1}};
	struct schedule schedule;

	schedule_start(&schedule, SCHEDULE_RUN_TO_BLOCK, 1, NULL, 0);
	schedule_fix(&schedule, plan, 2);
	cr_expect_eq(schedule_pick(&schedule, all, 2, 0), 0);
	cr_expect_eq(schedule.switch_count, 0);
	schedule_release(&schedule);
}

Test(switches, switches_are_read_as_they_were_written)
{
	const struct schedule_switch list[] = {
		{.task = 0, .point = 13, .to = 2},
		{.task = 12, .point = 0, .to = UINT32_MAX}};
	struct schedule_switch *read = NULL;
	struct buf text = {0};
	size_t count = 0;

	switches_write(&text, list, 2);
	cr_expect_str_eq(buf_text(&text), "0.13:2,12.0:4294967295");
	cr_assert_eq(switches_read(buf_text(&text), &read, &count), 0);
	cr_assert_eq(count, 2);
	expect_same(&read[0], &list[0]);
	expect_same(&read[1], &list[1]);
	free(read);
	cr_assert_eq(switches_read("", &read, &count), 0);
	cr_expect_eq(count, 0);
	cr_expect_null(read);
	buf_release(&text);
}

Test(switches, what_is_no_list_of_switches_is_refused)
{
	static const char *const wrong[] = {",", "1", "1.2", "1.2:", "1.2:3,",
		"1.2:3 ", " 1.2:3", "1.2:3;1.2:3", "-1.2:3", "1.2:4294967296",
		"1,2:3", "1.2:x", "99999999999999999999.1:1", "1.2:3,,1.2:3"};
	struct schedule_switch *list = NULL;
	size_t count = 5;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		cr_expect_eq(switches_read(wrong[i], &list, &count), -EINVAL,
			"'%s'", wrong[i]);
	cr_expect_null(list);
	cr_expect_eq(count, 5);
}
