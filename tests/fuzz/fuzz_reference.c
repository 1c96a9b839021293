/*
 * References.  What was read and is written again is read as the same.
 */
#include "fuzz.h"
#include "grader/reference.h"

static void check_reference(const struct reference *reference)
{
	struct buf once = {0}, twice = {0};
	struct reference again = {0};
	struct err err = {{0}};

	reference_write(&once, reference);
	if (reference_read(&again, once.data, once.length, "again", &err))
		assert(!"a reference that we wrote");
	reference_write(&twice, &again);
	assert(once.length == twice.length);
	assert(!memcmp(once.data, twice.data, once.length));
	reference_release(&again);
	buf_release(&once);
	buf_release(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *text = fuzz_copy(data, size);
	struct reference reference = {0};
	struct err err = {{0}};

	if (reference_read(&reference, text, size, "one.json", &err) == 0)
		check_reference(&reference);
	else
		assert(err.text[0] && !reference.exercise);
	reference_release(&reference);
	return 0;
}
