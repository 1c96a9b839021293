#include "grader/orders.h"

#include <stdlib.h>

#include "base/alloc.h"

void orders_start(struct orders *orders, size_t most, bool given_up)
{
	*orders = (struct orders){.most = most - 1, .given_up = given_up};
}

void orders_release(struct orders *orders)
{
	free(orders->numbers);
	*orders = (struct orders){0};
}

/* Those that differ from NUMBER in the digit that is worth UNIT. */
static void branch(
	struct orders *orders, uint64_t number, uint64_t unit, uint32_t width)
{
	for (uint32_t digit = 1; digit < width; digit++) {
		if (orders->count == orders->most) {
			orders->given_up = true;
			return;
		}
		grow_array(&orders->numbers, orders->count, &orders->capacity,
			sizeof(*orders->numbers));
		orders->numbers[orders->count++] = number + digit * unit;
	}
}

void orders_add(struct orders *orders, uint64_t number,
	const struct run_outcome *outcome)
{
	uint64_t rest = number, unit = 1;

	if (outcome->took_random || outcome->limit ||
		outcome->end == RUN_END_LIMIT ||
		outcome->end == RUN_END_UNSUPPORTED)
		orders->given_up = true;
	for (size_t i = 0; i < outcome->choice_count && !orders->given_up;
		i++) {
		uint32_t width = outcome->widths[i];

		if (unit > UINT64_MAX / width) {
			orders->given_up = true;
			return;
		}
		if (rest == 0)
			branch(orders, number, unit, width);
		rest /= width;
		unit *= width;
	}
}
