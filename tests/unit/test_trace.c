#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "trace/trace.h"

Test(trace, an_empty_one_is_all_zeroes)
{
	struct trace trace = {0};

	cr_assert_eq(trace_end_us(&trace), 0);
	trace_release(&trace);
	cr_assert_eq(trace.event_count, 0);
}

Test(trace, append_numbers_events_from_zero)
{
	struct trace trace = {0};
	struct event event = event_make(EVENT_SLEEP, 0);
	uint32_t i;

	event.seq = 77;
	for (i = 0; i < 100; i++) {
		event.time_us = i * 10;
		cr_assert_eq(trace_append(&trace, &event)->seq, i);
	}
	cr_assert_eq(trace_end_us(&trace), 990);
	trace_release(&trace);
}

Test(trace, equal_strings_are_stored_once)
{
	struct trace trace = {0};
	struct event event = event_make(EVENT_PUT, 0);
	char name[] = "pipe:1";
	size_t i;

	for (i = 0; i < 1000; i++) {
		char text[16];

		snprintf(text, sizeof(text), "item%zu", i % 500);
		event.object = name;
		event.text = text;
		trace_append(&trace, &event);
	}
	name[0] = 'x';
	cr_assert_str_eq(trace.events[0].object, "pipe:1");
	cr_assert_eq(trace.events[0].object, trace.events[999].object);
	cr_assert_eq(trace.events[3].text, trace.events[503].text);
	cr_assert_eq(trace.string_count, 501);
	trace_release(&trace);
}

Test(trace, an_appended_event_may_be_one_of_its_own)
{
	struct trace trace = {0};
	struct event event = event_make(EVENT_PUT, 3);
	int i;

	event.object = "mq:/q";
	trace_append(&trace, &event);
	for (i = 0; i < 200; i++)
		trace_append(&trace, &trace.events[0]);
	cr_assert_str_eq(trace.events[200].object, "mq:/q");
	cr_assert_eq(trace.events[200].task, 3);
	trace_release(&trace);
}

Test(trace, pedigrees_count_processes_and_threads_apart)
{
	struct trace trace = {0};

	cr_assert_eq(trace_add_task(&trace, -1, false, 2, 0), 0);
	cr_assert_eq(trace_add_task(&trace, 0, false, 3, 10), 1);
	cr_assert_eq(trace_add_task(&trace, 0, true, 4, 20), 2);
	cr_assert_eq(trace_add_task(&trace, 0, false, 5, 30), 3);
	cr_assert_eq(trace_add_task(&trace, 3, false, 6, 40), 4);
	cr_assert_eq(trace_add_task(&trace, 2, true, 7, 50), 5);
	cr_assert_str_eq(trace.tasks[0].pedigree, "0");
	cr_assert_str_eq(trace.tasks[1].pedigree, "0.1");
	cr_assert_str_eq(trace.tasks[2].pedigree, "0.t1");
	cr_assert_str_eq(trace.tasks[3].pedigree, "0.2");
	cr_assert_str_eq(trace.tasks[4].pedigree, "0.2.1");
	cr_assert_str_eq(trace.tasks[5].pedigree, "0.t1.t1");
	cr_assert_eq(trace.tasks[5].process, 0);
	cr_assert_eq(trace.tasks[4].process, 4);
	cr_assert(trace_is_ancestor(&trace, 0, 4));
	cr_assert(trace_is_ancestor(&trace, 3, 4));
	cr_assert_not(trace_is_ancestor(&trace, 1, 4));
	cr_assert_not(trace_is_ancestor(&trace, 4, 4));
	cr_assert_not(trace_is_ancestor(&trace, -1, 4));
	trace_release(&trace);
}

Test(trace, pedigrees_of_a_deep_chain_stay_distinct)
{
	struct trace trace = {0};
	int i, j;

	trace_add_task(&trace, -1, false, 2, 0);
	for (i = 0; i < 100; i++)
		trace_add_task(&trace, i, false, 3 + i, 0);
	for (i = 0; i <= 100; i++)
		for (j = 0; j < i; j++)
			cr_assert_str_neq(trace.tasks[i].pedigree,
				trace.tasks[j].pedigree);
	trace_release(&trace);
}

Test(trace, exit_reap_and_orphan_bring_the_tasks_up_to_date)
{
	struct trace trace = {0};
	struct event event;

	trace_add_task(&trace, -1, false, 2, 0);
	trace_add_task(&trace, 0, false, 3, 0);
	trace_add_task(&trace, 0, false, 4, 0);
	event = event_make(EVENT_EXIT, 1);
	event.time_us = 5;
	event.status = 3;
	trace_append(&trace, &event);
	event = event_make(EVENT_REAP, 0);
	event.time_us = 6;
	event.other = 1;
	event.call = "wait4";
	trace_append(&trace, &event);
	event = event_make(EVENT_ORPHAN, 2);
	event.other = 0;
	trace_append(&trace, &event);
	event = event_make(EVENT_EXIT, 2);
	event.signal = 9;
	event.time_us = 9;
	trace_append(&trace, &event);
	cr_assert_eq(trace.tasks[1].died_us, 5);
	cr_assert_eq(trace.tasks[1].exit_status, 3);
	cr_assert_eq(trace.tasks[1].reaped_by, 0);
	cr_assert_eq(trace.tasks[1].reaped_us, 6);
	cr_assert_not(trace.tasks[1].orphaned);
	cr_assert(trace.tasks[2].orphaned);
	cr_assert_eq(trace.tasks[2].exit_status, -1);
	cr_assert_eq(trace.tasks[2].exit_signal, 9);
	cr_assert_eq(trace.tasks[2].reaped_by, -1);
	cr_assert_eq(trace.tasks[0].died_us, -1);
	trace_release(&trace);
}

Test(trace, a_reap_by_the_kernel_names_nobody)
{
	struct trace trace = {0};
	struct event event = event_make(EVENT_REAP, 0);

	trace_add_task(&trace, -1, false, 2, 0);
	trace_add_task(&trace, 0, false, 3, 0);
	event.other = 1;
	event.call = "auto";
	trace_append(&trace, &event);
	cr_assert_eq(trace.tasks[1].reaped_by, -2);
	trace_release(&trace);
}

static const char *append_text(
	struct trace *trace, const void *text, size_t length)
{
	struct event event = event_make(EVENT_OUTPUT, 0);

	return trace_append_data(trace, &event, text, length, NULL, 0)->text;
}

Test(trace, bytes_of_the_program_become_clean_text)
{
	struct trace trace = {0};

	cr_assert_str_eq(append_text(&trace, "a\0b", 3), "a\xef\xbf\xbd"
							 "b");
	cr_assert_str_eq(append_text(&trace, "\x1b[2J", 4), "\xef\xbf\xbd[2J");
	cr_assert_str_eq(append_text(&trace, "\xff", 1), "\xef\xbf\xbd");
	cr_assert_str_eq(append_text(&trace, "路人", 6), "路人");
	cr_assert_str_eq(append_text(&trace, "a\tb\n", 4), "a\tb\n");
	cr_assert_str_eq(append_text(&trace, "", 0), "");
	cr_assert_null(append_text(&trace, NULL, 0));
	trace_release(&trace);
}

Test(trace, long_text_is_cut_at_a_character)
{
	struct trace trace = {0};
	char bytes[3 * EVENT_TEXT_MAX];
	const char *text;
	size_t i;

	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = "路"[i % 3];
	text = append_text(&trace, bytes, sizeof(bytes));
	cr_assert_eq(strlen(text), EVENT_TEXT_MAX / 3 * 3);
	cr_assert_str_eq(text + strlen(text) - 3, "路");
	memset(bytes, 'x', sizeof(bytes));
	text = append_text(&trace, bytes, sizeof(bytes));
	cr_assert_eq(strlen(text), EVENT_TEXT_MAX);
	memset(bytes, 0x80, sizeof(bytes));
	text = append_text(&trace, bytes, sizeof(bytes));
	cr_assert_eq(strlen(text), EVENT_TEXT_MAX / 3 * 3);
	trace_release(&trace);
}

Test(event, names_and_numbers_of_kinds_agree)
{
	int kind;

	for (kind = 0; kind < EVENT_KIND_COUNT; kind++) {
		cr_assert_eq(event_kind_by_name(
				     event_kind_name((enum event_kind)kind)),
			kind);
		cr_assert_eq(strspn(event_kind_fields((enum event_kind)kind),
				     "ovsgntacf"),
			strlen(event_kind_fields((enum event_kind)kind)));
		cr_assert_gt(
			strlen(event_kind_meaning((enum event_kind)kind)), 0);
	}
	cr_assert_eq(event_kind_by_name("lock"), EVENT_LOCK);
	cr_assert_eq(event_kind_by_name("Lock"), -1);
	cr_assert_eq(event_kind_by_name(""), -1);
}

/* A trace of two events; WHAT says which field of the second is another. */
static uint64_t fingerprint_with(int what)
{
	struct trace trace = {0};
	struct event event;
	uint64_t fingerprint;

	trace.seed = (uint64_t)what;
	trace_add_task(&trace, -1, false, what == 1 ? 3 : 2, 0);
	trace_add_task(&trace, 0, what == 2, what == 3 ? 9 : 8, 0);
	event = event_make(EVENT_FORK, 0);
	event.other = 1;
	event.call = "fork";
	trace_append(&trace, &event);
	event = event_make(what == 4 ? EVENT_GET : EVENT_PUT, what != 5);
	event.object = what == 6 ? "pipe:1" : "pipe:0";
	event.text = what == 7 ? NULL : "ab";
	event.value = what == 8 ? 3 : 2;
	event.time_us = what == 9 ? 11 : 10;
	trace_append(&trace, &event);
	if (what == 10)
		trace_append(&trace, &event);
	fingerprint = trace_fingerprint(&trace);
	trace_release(&trace);
	return fingerprint;
}

Test(trace, has_the_fingerprint_of_its_events)
{
	uint64_t same = fingerprint_with(0);

	/* the header is no part of it: neither seed nor main's number */
	cr_assert_eq(fingerprint_with(1), same);
	for (int what = 2; what <= 10; what++)
		cr_assert_neq(fingerprint_with(what), same, "%d", what);
}
