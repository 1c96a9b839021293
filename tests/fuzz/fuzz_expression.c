/*
 * Expressions.  What is accepted has a value that fits an int, and is accepted
 * with any other number for the values that vary; what is refused has a
 * message and leaves the result alone.
 */
#include "fuzz.h"
#include "grader/expression.h"

static char names[][8] = {"buyers", "count", "n", "killed", "wrote"};

/* With this many killed.  The result of a refused one is 77. */
static double evaluate(const char *text, double killed)
{
	const struct expression_value values[] = {{names[0], 10, false},
		{names[1], 0, false}, {names[2], -1e9, false},
		{names[3], killed, true}, {names[4], killed / 2, true}};
	char message[120] = "";
	double result = 77;

	if (expression_evaluate(
		    text, values, 5, &result, message, sizeof(message)) == 0) {
		assert(!message[0]);
		assert(result >= -EXPRESSION_MAX && result <= EXPRESSION_MAX);
		return result;
	}
	assert(message[0] && result >= 77 && result <= 77);
	return -1e300;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *text = fuzz_text(data, size);
	bool accepted = evaluate(text, 0) > -1e300;

	assert((evaluate(text, 1) > -1e300) == accepted);
	assert((evaluate(text, 1e4) > -1e300) == accepted);
	return 0;
}
