/*
 * Traces.  What was read and is written again is read as the same, byte for
 * byte; and whoever looks at it, such as happens-before, can.
 */
#include "fuzz.h"
#include "trace/happens_before.h"
#include "trace/trace_json.h"

static void check_trace(const struct trace *trace)
{
	struct buf once = {0}, twice = {0};
	struct trace again = {0};
	struct err err = {{0}};

	trace_json_write(&once, trace, NULL, NULL);
	if (trace_json_read(&again, once.data, once.length, "again", &err))
		assert(!"a trace that we wrote");
	trace_json_write(&twice, &again, NULL, NULL);
	assert(once.length == twice.length);
	assert(!memcmp(once.data, twice.data, once.length));
	assert(again.event_count == trace->event_count);
	assert(again.task_count == trace->task_count);
	trace_release(&again);
	buf_release(&once);
	buf_release(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *text = fuzz_copy(data, size);
	struct trace trace = {0};
	struct err err = {{0}};

	if (trace_json_read(&trace, text, size, "trace.jsonl", &err) == 0) {
		check_trace(&trace);
	} else {
		assert(err.text[0] && !trace.events && !trace.tasks);
	}
	trace_release(&trace);
	return 0;
}
