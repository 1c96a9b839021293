/*
 * Whole-number expressions over the values of a scenario: "buyers - 1",
 * "min(count, buyers)".  So one rule serves scenarios with different
 * arguments.
 *
 * Grammar: sum = term {("+"|"-") term}; term = factor {("*"|"/") factor};
 * factor = NUMBER | NAME | ("min"|"max") "(" sum "," sum ")" | "(" sum ")"
 * | "-" factor.  Numbers may have a fraction ("0.1"); NAME is a letter
 * followed by letters, digits and '_'.
 */
#ifndef GRADER_EXPRESSION_H
#define GRADER_EXPRESSION_H

#include <stdbool.h>
#include <stddef.h>

struct expression_value {
	char *name;
	double value;
	bool varies; /* it is another in each run: nothing is divided by it */
};

/* A result lies between this and its negative: it fits an int. */
#define EXPRESSION_MAX 2e9

/*
 * Evaluates TEXT with VALUES.  Returns 0 and sets *RESULT, or -EINVAL with
 * the reason in MESSAGE (of SIZE bytes).
 *
 * What was accepted is accepted with any other numbers for the values that
 * vary: a result that would be too great then is EXPRESSION_MAX.
 */
int expression_evaluate(const char *text, const struct expression_value *values,
	size_t count, double *result, char *message, size_t size);

#endif
