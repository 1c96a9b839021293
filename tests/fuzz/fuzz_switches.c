/*
 * Lists of switches: --switches, traces, reports.  There is one text for each
 * list but for leading zeroes, so what was read, written and read is the same.
 */
#include "fuzz.h"
#include "scheduler/switches.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *text = fuzz_text(data, size);
	struct schedule_switch *list = NULL, *again = NULL;
	size_t count = 0, count_again = 0;
	struct buf written = {0};

	if (switches_read(text, &list, &count) == 0) {
		assert((count == 0) == (text[0] == '\0'));
		switches_write(&written, list, count);
		assert(switches_read(
			       buf_text(&written), &again, &count_again) == 0);
		assert(count_again == count &&
			(count == 0 ||
				!memcmp(list, again, count * sizeof(*list))));
	} else {
		assert(!list && count == 0);
	}
	buf_release(&written);
	free(list);
	free(again);
	return 0;
}
