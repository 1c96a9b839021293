#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "trace/trace_json.h"

#define HEADER                                                                 \
	"{\"schema\":\"grader-trace-1\",\"seed\":\"7\",\"engine\":\"1\","      \
	"\"pid\":2}\n"
#define START                                                                  \
	"{\"seq\":0,\"t\":0,\"task\":0,\"who\":\"0\",\"kind\":\"start\","      \
	"\"object\":\"./x\"}\n"

/* One event of each kind, every field used. */
static void make_trace(struct trace *trace)
{
	struct event event;
	int kind;

	trace->exercise = xstrdup("tickets");
	trace->scenario = xstrdup("note \"1\"");
	trace->policy = xstrdup("random");
	trace->switches = xstrdup("0.13:2,2.7:0");
	trace->program_hash = xstrdup("abc");
	trace->seed = UINT64_MAX;
	trace_add_task(trace, -1, false, 2, 0);
	for (kind = 0; kind < EVENT_KIND_COUNT; kind++) {
		event = event_make((enum event_kind)kind, kind % 2 ? 0 : -1);
		event.time_us = kind * 1000003;
		event.value = kind % 3 ? -kind : INT64_MAX - kind;
		event.offset = INT64_MIN + kind;
		event.other = 0;
		event.status = kind;
		event.signal = kind + 1;
		event.object = "\"\\/pipe:1";
		event.text = "路人\n\t\x7f\x01";
		event.after = "";
		event.call = "wait4";
		event.pc = 0x401000;
		if (kind == EVENT_FORK) {
			event.task = 0;
			event.other = trace_add_task(
				trace, 0, true, 3, event.time_us);
		}
		trace_append(trace, &event);
	}
}

static const char *place_of(void *context, uint64_t pc)
{
	cr_assert_eq(pc, 0x401000);
	return context;
}

Test(trace_json, reading_gives_back_what_was_written)
{
	struct trace trace = {0}, copy;
	struct buf text = {0}, again = {0};
	struct err err = {""};

	make_trace(&trace);
	trace_json_write(&text, &trace, NULL, NULL);
	cr_assert_eq(
		trace_json_read(&copy, text.data, text.length, "t.jsonl", &err),
		0, "%s", err.text);
	cr_assert_eq(copy.event_count, trace.event_count);
	cr_assert_eq(copy.task_count, trace.task_count);
	cr_assert_eq(copy.seed, trace.seed);
	cr_assert_str_eq(copy.scenario, trace.scenario);
	cr_assert_eq(copy.tasks[1].is_thread, true);
	cr_assert_eq(copy.tasks[1].pid, 3);
	cr_assert_eq(copy.tasks[1].born_us, trace.tasks[1].born_us);
	cr_assert_eq(copy.tasks[0].reaped_by, trace.tasks[0].reaped_by);
	trace_json_write(&again, &copy, NULL, NULL);
	cr_assert_str_eq(again.data, text.data);
	trace_release(&trace);
	trace_release(&copy);
	buf_release(&text);
	buf_release(&again);
}

Test(trace_json, an_event_has_the_fields_of_its_kind_in_a_fixed_order)
{
	struct trace trace = {0};
	struct event event = event_make(EVENT_WRITE, 0);
	struct buf text = {0};

	trace_add_task(&trace, -1, false, 2, 0);
	event.time_us = 1000000;
	event.object = "db.json";
	event.value = 12;
	event.text = "{\"count\": 2}";
	event.after = "{\"count\": 2}";
	event.signal = 9;
	event.pc = 0x401000;
	trace_append(&trace, &event);
	trace_json_write_event(
		&text, &trace, &trace.events[0], place_of, (char[]){"a.c:4"});
	cr_assert_str_eq(text.data,
		"{\"seq\":0,\"t\":1000000,\"task\":0,\"who\":\"0\","
		"\"kind\":\"write\",\"object\":\"db.json\",\"value\":12,"
		"\"offset\":0,\"text\":\"{\\\"count\\\": 2}\","
		"\"after\":\"{\\\"count\\\": 2}\",\"place\":\"a.c:4\"}");
	buf_clear(&text);
	trace_json_write_event(&text, &trace, &trace.events[0], place_of, NULL);
	cr_assert_null(strstr(text.data, "place"));
	trace_release(&trace);
	buf_release(&text);
}

Test(trace_json, a_place_is_read_and_left_out)
{
	struct trace trace = {0}, copy;
	struct buf text = {0};
	struct err err = {""};

	make_trace(&trace);
	trace_json_write(&text, &trace, place_of, (char[]){"a.c:4"});
	cr_assert_eq(trace_json_read(&copy, text.data, text.length, "t", &err),
		0, "%s", err.text);
	trace_release(&trace);
	trace_release(&copy);
	buf_release(&text);
}

static void refused(const char *text, const char *message)
{
	struct trace trace;
	struct err err = {""};

	cr_expect_eq(trace_json_read(&trace, text, strlen(text), "t", &err),
		-EINVAL, "accepted: %s", text);
	cr_expect_str_eq(err.text, message);
	cr_expect_eq(trace.event_count, 0);
	cr_expect_null(trace.tasks);
}

static void refused_event(const char *event, const char *message)
{
	auto_free char *text = xasprintf(HEADER START "%s\n", event);

	refused(text, message);
}

#define EVENT "{\"seq\":1,\"t\":0,\"task\":0,\"who\":\"0\",\"kind\":"

Test(trace_json, errors_name_the_line_and_the_field)
{
	refused("", "t:1: the file is empty");
	refused("\n", "t:1: not JSON at column 1");
	refused("[]\n", "t:1: not a JSON object");
	refused("{\"schema\":\"x\"}\n",
		"t:1: field 'schema': 'grader-trace-1' expected, "
		"is this a trace?");
	refused("{\"schema\":\"grader-trace-1\"}\n",
		"t:1: field 'seed': missing");
	refused("{\"schema\":\"grader-trace-1\",\"seed\":7}\n",
		"t:1: field 'seed': not a string");
	refused("{\"schema\":\"grader-trace-1\",\"seed\":\"-7\"}\n",
		"t:1: field 'seed': not a decimal number below 2^64");
	refused("{\"schema\":\"grader-trace-1\",\"seed\":"
		"\"18446744073709551616\"}\n",
		"t:1: field 'seed': not a decimal number below 2^64");
	refused("{\"schema\":\"grader-trace-1\",\"seed\":\"7\",\"pid\":2,"
		"\"pid\":3}\n",
		"t:1: field 'pid': given twice");
	refused("{\"schema\":\"grader-trace-1\",\"seed\":\"7\",\"x\":2}\n",
		"t:1: unknown field 'x'");
	refused(HEADER "{} 7\n", "t:2: something behind the object, column 3");
	refused(HEADER "{}\n", "t:2: field 'kind': missing");
	refused(HEADER "{\"kind\":\"x\"}\n",
		"t:2: field 'kind': unknown kind 'x'");
	refused(HEADER START "\n", "t:3: not JSON at column 1");
	refused_event("{\"kind\":7}", "t:3: field 'kind': not a string");
	refused_event(EVENT "\"exec\",\"x\":1}", "t:3: unknown field 'x'");
	refused_event(EVENT "\"exec\",\"value\":1}",
		"t:3: field 'value': kind 'exec' has none");
	refused_event(
		EVENT "\"exec\",\"seq\":1}", "t:3: field 'seq': given twice");
	refused_event("{\"kind\":\"left\"}", "t:3: field 'seq': missing");
	refused_event(EVENT "\"sleep\"}", "t:3: field 'value': missing");
	refused_event(EVENT "\"sleep\",\"value\":1.5}",
		"t:3: field 'value': not a whole number");
	refused_event(EVENT "\"sleep\",\"value\":1e300}",
		"t:3: field 'value': not a whole number");
	refused_event(EVENT "\"sleep\",\"value\":\"9223372036854775808\"}",
		"t:3: field 'value': not a whole number");
	refused_event(EVENT "\"sleep\",\"value\":null}",
		"t:3: field 'value': not a whole number");
	refused_event(EVENT "\"exit\",\"status\":256}",
		"t:3: field 'status': 256 is not in 0 to 255");
	refused_event(EVENT "\"exit\",\"signal\":65}",
		"t:3: field 'signal': 65 is not in 1 to 64");
	refused_event(EVENT "\"exec\",\"object\":{}}",
		"t:3: field 'object': not a string");
	refused_event(EVENT "\"fork\",\"value\":0,\"other\":1,\"pid\":3,"
			    "\"thread\":1}",
		"t:3: field 'thread': not true or false");
	refused_event(EVENT "\"fork\",\"value\":0,\"other\":1}",
		"t:3: field 'pid': missing");
}

Test(trace_json, events_must_fit_the_trace_so_far)
{
	refused_event("{\"seq\":2,\"t\":0,\"task\":0,\"who\":\"0\","
		      "\"kind\":\"left\"}",
		"t:3: field 'seq': 1 expected");
	refused_event("{\"seq\":1,\"t\":0,\"task\":1,\"who\":\"0.1\","
		      "\"kind\":\"left\"}",
		"t:3: field 'task': no task 1 yet");
	refused_event("{\"seq\":1,\"t\":0,\"task\":0,\"who\":\"0.1\","
		      "\"kind\":\"left\"}",
		"t:3: field 'who': '0' expected");
	refused_event("{\"seq\":1,\"t\":0,\"task\":-1,\"who\":\"0\","
		      "\"kind\":\"left\"}",
		"t:3: field 'who': 'engine' expected");
	refused_event(EVENT "\"reap\",\"other\":1}",
		"t:3: field 'other': no task 1 yet");
	refused_event(EVENT "\"fork\",\"value\":0,\"other\":2,\"pid\":3,"
			    "\"thread\":false}",
		"t:3: field 'other': 1 expected");
	refused_event("{\"seq\":1,\"t\":0,\"task\":-1,\"who\":\"engine\","
		      "\"kind\":\"fork\",\"value\":0,\"other\":1,\"pid\":3,"
		      "\"thread\":true}",
		"t:3: field 'thread': the engine makes no thread");
	refused_event("{\"seq\":1,\"t\":5,\"task\":0,\"who\":\"0\","
		      "\"kind\":\"left\"}\n"
		      "{\"seq\":2,\"t\":4,\"task\":0,\"who\":\"0\","
		      "\"kind\":\"left\"}",
		"t:4: field 't': goes back in time");
}

Test(trace_json, a_nul_byte_is_refused)
{
	static const char text[] = HEADER START "{\"seq\":1\0}\n";
	struct trace trace;
	struct err err = {""};

	cr_assert_eq(trace_json_read(&trace, text, sizeof(text) - 1, "t", &err),
		-EINVAL);
	cr_assert_str_eq(err.text, "t:3: a NUL byte");
}

Test(trace_json, a_cut_trace_is_refused_or_a_whole_beginning)
{
	struct trace trace = {0}, copy;
	struct buf text = {0};
	struct err err;
	size_t length, lines = 0;

	make_trace(&trace);
	trace_json_write(&text, &trace, NULL, NULL);
	for (length = 0; length < text.length; length++) {
		if (trace_json_read(&copy, text.data, length, "t", &err) < 0)
			continue;
		lines++;
		trace_release(&copy);
	}
	/* each line, with and without its newline; the last newline is cut */
	cr_assert_eq(lines, 2 * (trace.event_count + 1) - 1);
	trace_release(&trace);
	buf_release(&text);
}

Test(trace_json, changed_bytes_never_crash_the_reader)
{
	struct trace trace = {0}, copy;
	struct buf text = {0};
	struct err err;
	uint32_t random = 1;
	size_t round, at;
	char saved;

	make_trace(&trace);
	trace_json_write(&text, &trace, NULL, NULL);
	for (round = 0; round < 20000; round++) {
		random = random * 1664525 + 1013904223;
		at = (random >> 8) % text.length;
		saved = text.data[at];
		random = random * 1664525 + 1013904223;
		text.data[at] = "\"\\{}[]:,09-.e\x00\xff x"[(random >> 8) % 18];
		if (!trace_json_read(&copy, text.data, text.length, "t", &err))
			trace_release(&copy);
		text.data[at] = saved;
	}
	trace_release(&trace);
	buf_release(&text);
}
