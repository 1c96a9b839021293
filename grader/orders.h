/*
 * All orders of a small program, one after the other.
 *
 * An order is a number for the policy "numbered": digit i says what is chosen
 * at choice i, 0 being what run-to-block would.  A run of one order shows how
 * many could be chosen from at each choice, and so which orders branch off it:
 * those with one more digit, behind its last.  From order 0 each is come to
 * exactly once, orders of few switches first.
 *
 * Given up as soon as more are known than may be run, or a run shows that the
 * orders are not the whole truth: it took random bytes, hit a limit, or used
 * what is not modelled.
 */
#ifndef GRADER_ORDERS_H
#define GRADER_ORDERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "run.h"

struct orders {
	uint64_t *numbers; /* owned; found and, up to next, run */
	size_t count, next, capacity;
	size_t most; /* that may be run, order 0 not counted */
	bool given_up;
};

/* MOST: that may be run, order 0 included. */
void orders_start(struct orders *orders, size_t most, bool given_up);
void orders_release(struct orders *orders);

/* Order NUMBER has been run: adds those that branch off it. */
void orders_add(struct orders *orders, uint64_t number,
	const struct run_outcome *outcome);

#endif
