/*
 * report.json, as `grader replay` reads it again.  A finding that is accepted
 * has all that a replay needs, and its switches survive being written down.
 */
#include "fuzz.h"
#include "grader/report_read.h"

static void check_finding(const struct recorded_finding *finding)
{
	struct schedule_switch *again = NULL;
	struct buf text = {0}, twice = {0};
	size_t count = 0;

	assert(finding->message.zh && finding->message.en);
	assert(finding->hint.zh && finding->hint.en);
	if (!finding->scenario)
		return;
	assert(finding->command && finding->trace_hash && finding->events);
	switches_write(&text, finding->switches, finding->switch_count);
	assert(switches_read(buf_text(&text), &again, &count) == 0);
	assert(count == finding->switch_count);
	switches_write(&twice, again, count);
	assert(!strcmp(buf_text(&text), buf_text(&twice)));
	buf_release(&text);
	buf_release(&twice);
	free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *text = fuzz_copy(data, size);
	struct recorded_report report = {0};
	struct err err = {{0}};

	if (report_read(&report, text, size, "report.json", &err) == 0) {
		assert(report.exercise && report.submission &&
			report.submission_hash);
		for (size_t i = 0; i < report.criterion_count; i++)
			for (size_t j = 0; j < report.criteria[i].finding_count;
				j++)
				check_finding(&report.criteria[i].findings[j]);
	} else {
		assert(err.text[0] && !report.exercise && !report.criteria);
	}
	recorded_report_release(&report);
	return 0;
}
