/*
 * report.json, as `grader replay` reads it again.  A finding that is accepted
 * has all that a replay needs, and its switches survive being written down.
 */
#include "fuzz.h"
#include "grader/report_verdict.h"
#include "scheduler/policy.h"
#include "scheduler/switches.h"

static void check_finding(const struct finding *finding)
{
	struct schedule_switch *switches = NULL, *again = NULL;
	struct buf text = {0}, twice = {0};
	size_t count = 0, other = 0;

	assert(finding->message.zh && finding->message.en);
	assert(finding->hint.zh && finding->hint.en);
	if (!finding->scenario)
		return;
	assert(finding->scenario_command && finding->trace_hash);
	assert(schedule_policy_by_name(finding->policy) >= 0);
	if (!finding->switches)
		return;
	assert(switches_read(finding->switches, &switches, &count) == 0);
	switches_write(&text, switches, count);
	assert(switches_read(buf_text(&text), &again, &other) == 0);
	assert(count == other);
	switches_write(&twice, again, count);
	assert(!strcmp(buf_text(&text), buf_text(&twice)));
	buf_release(&text);
	buf_release(&twice);
	free(switches);
	free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *text = fuzz_copy(data, size);
	struct verdict report = {0};
	struct err err = {{0}};

	if (report_verdict_read_part(&report, REPORT_FINDINGS, text, size,
		    "report.json", &err) == 0) {
		assert(report.exercise && report.submission &&
			report.submission_hash);
		for (size_t i = 0; i < report.criterion_count; i++)
			for (size_t j = 0; j < report.criteria[i].finding_count;
				j++)
				check_finding(&report.criteria[i].findings[j]);
	} else {
		assert(err.text[0] && !report.exercise && !report.criteria);
	}
	verdict_release(&report);
	return 0;
}
