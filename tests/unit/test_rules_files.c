/* Rules about a shared file, and what they are made of. */
#include "grader/rules/files.h"
#include "synthetic.h"

static void add_read(struct synthetic *s, int task, int64_t at_us,
	const char *text, int64_t offset)
{
	add_event(s, EVENT_READ, task, at_us, "db", text);
	last_event(s)->offset = offset;
}

static const char *const THREE = "{\"count\": 3}";
static const char *const TWO = "{\"count\": 2}";
static const char *const ONE = "{\"count\": 1}";

#define OVERLAP "{'rule':'never-overlap','file':'db'}"

Test(rules_files, never_overlap_holds_for_one_after_another)
{
	struct synthetic s = synthetic_new("", OVERLAP);

	add_task(&s, 0, false, 0);
	add_task(&s, 0, false, 0);
	add_read(&s, 1, 0, THREE, 0); /* searches */
	add_read(&s, 2, 0, THREE, 0);
	add_read(&s, 1, SECOND, THREE, 0);
	add_change(&s, 1, 2 * SECOND, TWO);
	add_line(&s, 1, 2 * SECOND, "1 sold");
	add_read(&s, 2, 2 * SECOND, TWO, 0);
	add_change(&s, 2, 3 * SECOND, ONE);
	add_line(&s, 2, 3 * SECOND, "2 sold");
	cr_expect_eq(judge_once(&s), RULE_HOLDS);
}

Test(rules_files, never_overlap_fails_for_a_read_inside)
{
	struct synthetic s = synthetic_new("", OVERLAP);

	add_task(&s, 0, false, 0);
	add_task(&s, 0, false, 0);
	add_read(&s, 1, SECOND, THREE, 0);
	add_read(&s, 2, SECOND, THREE, 0);
	add_change(&s, 1, 2 * SECOND, TWO);
	add_change(&s, 2, 3 * SECOND, TWO);
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	cr_expect_eq(s.result.evidence_count, 4);
	synthetic_release(&s);
}

Test(rules_files, never_overlap_counts_a_helper_as_its_buyer)
{
	struct synthetic s = synthetic_new("", OVERLAP);

	add_task(&s, 0, false, 0);
	add_task(&s, 0, false, 0);
	add_task(&s, 1, false, 0);
	add_read(&s, 1, SECOND, THREE, 0);
	add_read(&s, 2, SECOND, THREE, 0);
	add_change(&s, 3, 2 * SECOND, TWO);
	add_line(&s, 1, 2 * SECOND, "1 sold");
	add_change(&s, 2, 3 * SECOND, TWO);
	add_line(&s, 2, 2 * SECOND, "2 sold");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_files, never_overlap_can_be_between_lines)
{
	struct synthetic s = synthetic_new(
		"", "{'rule':'never-overlap','from':'made','to':'ate'}");

	add_task(&s, 0, false, 0);
	add_line(&s, 0, 0, "ann made pie0");
	add_line(&s, 0, 0, "ann ate pie0");
	add_line(&s, 1, 0, "bob made pie0");
	add_line(&s, 1, 0, "bob ate pie0");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_line(&s, 0, 0, "ann made pie0");
	add_line(&s, 1, 0, "bob made pie0");
	add_line(&s, 1, 0, "bob ate pie0");
	add_line(&s, 0, 0, "ann ate pie0");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

#define FINAL                                                                  \
	"{'rule':'final-file','file':'db','content':{'count':'count - 1'}}"

Test(rules_files, final_file_compares_as_json)
{
	static const char *const right[] = {
		"{\"count\":2}", " {\n\"count\" : 2 }   \n"};
	static const char *const wrong[] = {"{\"count\":3}", "{count:2}", "",
		"{\"count\":2}}", "{\"count\":2,\"x\":1}", "{\"count\":\"2\"}"};

	for (size_t i = 0; i < 2; i++) {
		struct synthetic s = synthetic_new("", FINAL);

		add_final_file(&s, right[i]);
		cr_expect_eq(judge_once(&s), RULE_HOLDS, "%s", right[i]);
	}
	for (size_t i = 0; i < 6; i++) {
		struct synthetic s = synthetic_new("", FINAL);

		add_final_file(&s, wrong[i]);
		cr_expect_eq(judge_once(&s), RULE_FAILS, "%s", wrong[i]);
	}
}

Test(rules_files, final_file_fails_when_it_is_gone)
{
	struct synthetic s = synthetic_new("", FINAL);

	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

#define STEPS                                                                  \
	"{'rule':'file-steps','file':'db','value':'count','start':'count',"    \
	"'observation':'sold'}"

Test(rules_files, file_steps_ignores_what_a_rewrite_leaves_between)
{
	struct synthetic s = synthetic_new("", STEPS);

	add_task(&s, 0, false, 0);
	add_change(&s, 1, SECOND, "");
	add_change(&s, 1, SECOND, "{\"count\":");
	add_change(&s, 1, SECOND, TWO);
	add_line(&s, 1, SECOND, "1 sold");
	add_final_file(&s, TWO);
	cr_expect_eq(judge_once(&s), RULE_HOLDS);
}

Test(rules_files, file_steps_fails_for_a_lost_update)
{
	struct synthetic s = synthetic_new("", STEPS);

	add_task(&s, 0, false, 0);
	add_task(&s, 0, false, 0);
	add_change(&s, 1, SECOND, TWO);
	add_line(&s, 1, SECOND, "1 sold");
	add_change(&s, 2, SECOND, TWO);
	add_line(&s, 2, SECOND, "2 sold");
	add_final_file(&s, TWO);
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_files, file_steps_fails_for_jumps_rises_and_unsaid_success)
{
	static const char *const after[] = {"{\"count\": 1}", "{\"count\": 4}",
		"{\"count\": 3}", "{\"count\": -1}"};

	for (size_t i = 0; i < 4; i++) {
		struct synthetic s = synthetic_new("", STEPS);

		add_task(&s, 0, false, 0);
		add_change(&s, 1, SECOND, after[i]);
		add_line(&s, 1, SECOND, "1 sold");
		add_final_file(&s, after[i]);
		cr_expect_eq(judge_once(&s), RULE_FAILS, "%s", after[i]);
	}
}

Test(rules_files, file_steps_asks_a_person_about_a_mapping)
{
	struct synthetic s = synthetic_new("", STEPS);

	add_line(&s, 0, SECOND, "1 sold");
	add_final_file(&s, TWO);
	cr_expect_eq(judge_once(&s), RULE_UNJUDGED);
}

#define SAME_READ                                                              \
	"{'rule':'same-read','file':'db','value':'count',"                     \
	"'observation':'sold','more_than':1}"

Test(rules_files, same_read_holds_when_the_drawback_shows)
{
	struct synthetic s = synthetic_new("", SAME_READ);

	add_task(&s, 0, false, 0);
	add_task(&s, 0, false, 0);
	add_read(&s, 1, SECOND, THREE, 0);
	/* in two calls */
	add_read(&s, 2, SECOND, "{\"coun", 0);
	add_read(&s, 2, SECOND, "t\": 3}", 6);
	add_change(&s, 1, 2 * SECOND, TWO);
	add_line(&s, 1, 2 * SECOND, "1 sold");
	add_change(&s, 2, 3 * SECOND, TWO);
	add_line(&s, 2, 3 * SECOND, "2 sold");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	cr_expect(strstr(s.result.note.en, "buyer 1, buyer 2") != NULL);
	synthetic_release(&s);
}

Test(rules_files, same_read_fails_for_a_faked_success)
{
	struct synthetic s = synthetic_new("", SAME_READ);

	add_task(&s, 0, false, 0);
	add_task(&s, 0, false, 0);
	add_line(&s, 1, 2 * SECOND, "1 sold");
	add_line(&s, 2, 3 * SECOND, "2 sold");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_files, same_read_fails_when_a_lock_kept_order)
{
	struct synthetic s = synthetic_new("", SAME_READ);

	add_task(&s, 0, false, 0);
	add_task(&s, 0, false, 0);
	add_read(&s, 1, SECOND, THREE, 0);
	add_change(&s, 1, 2 * SECOND, TWO);
	add_line(&s, 1, 2 * SECOND, "1 sold");
	add_read(&s, 2, 2 * SECOND, TWO, 0);
	add_change(&s, 2, 3 * SECOND, ONE);
	add_line(&s, 2, 3 * SECOND, "2 sold");
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

#define WHOLE "{'rule':'whole-reads','file':'db','value':'count'}"

Test(rules_files, whole_reads_fails_for_an_empty_read)
{
	struct synthetic s = synthetic_new("", WHOLE);

	add_task(&s, 0, false, 0);
	add_event(&s, EVENT_FAULT, 1, 0, "delay", NULL);
	add_change(&s, 0, SECOND, "");
	add_read(&s, 1, SECOND, "", 0);
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_files, whole_reads_needs_no_fault_when_changes_are_whole)
{
	struct synthetic s = synthetic_new("", WHOLE);

	add_task(&s, 0, false, 0);
	add_change(&s, 0, SECOND, TWO);
	add_read(&s, 1, SECOND, TWO, 0);
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_change(&s, 0, SECOND, "");
	add_change(&s, 0, SECOND, TWO);
	add_read(&s, 1, SECOND, TWO, 0);
	cr_expect_eq(judge_once(&s), RULE_UNJUDGED);
}

Test(rules_files, whole_reads_fails_for_a_number_that_was_never_there)
{
	struct synthetic s = synthetic_new("",
		"{'rule':'whole-reads','file':'db','value':'count',"
		"'observation':'ate','group':'n','start':3}");

	add_task(&s, 0, false, 0);
	add_change(&s, 0, SECOND, TWO);
	add_line(&s, 1, SECOND, "1atefish3");
	add_line(&s, 1, SECOND, "1atefish2");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_line(&s, 1, 0, "1atefish2");
	add_change(&s, 0, SECOND, TWO);
	cr_expect_eq(judge_once(&s), RULE_FAILS);
}

Test(rules_files, killed_counts_the_graders_victims)
{
	struct synthetic s = synthetic_new("",
		"{'rule':'count','observations':['end'],'min':'killed',"
		"'max':'killed + killed_wrote'}");

	add_task(&s, 0, false, 0);
	add_event(&s, EVENT_FAULT, 1, 0, "kill", NULL);
	last_event(&s)->signal = 9;
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	add_task(&s, 0, false, 0);
	add_event(&s, EVENT_FAULT, 1, 0, "kill", NULL);
	last_event(&s)->signal = 9;
	add_line(&s, 0, 0, "end");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_read(&s, 1, 0, THREE, 0);
	add_change(&s, 1, 0, TWO);
	add_event(&s, EVENT_FAULT, 1, 0, "kill", NULL);
	last_event(&s)->signal = 9;
	add_line(&s, 0, 0, "end");
	add_line(&s, 0, 0, "end");
	cr_expect_eq(judge_once(&s), RULE_HOLDS);
}

#define AFTER_READ                                                             \
	"{'rule':'after-read','file':'db','observation':'sold',"               \
	"'to_change':true,'min':1,'max':3}"

/* A buyer reads at 1 s and again at AGAIN, writes at WROTE, prints at 9 s. */
static enum rule_state judge_sale(
	struct synthetic *s, int64_t again, int64_t wrote)
{
	add_task(s, 0, false, 0);
	add_read(s, 1, SECOND, THREE, 0);
	add_read(s, 1, again, THREE, 0);
	add_change(s, 1, wrote, TWO);
	add_read(s, 1, wrote, TWO, 0);
	add_line(s, 1, 9 * SECOND, "1 sold");
	return judge_scenario(s, 0);
}

Test(rules_files, after_read_takes_the_read_that_suits)
{
	struct synthetic s = synthetic_new("", AFTER_READ);

	cr_expect_eq(judge_sale(&s, SECOND, 2 * SECOND), RULE_HOLDS);
	cr_expect_eq(judge_sale(&s, 2 * SECOND, 2 * SECOND), RULE_HOLDS);
	cr_expect_eq(judge_sale(&s, 4 * SECOND, 5 * SECOND), RULE_HOLDS);
	cr_expect_eq(judge_sale(&s, SECOND, SECOND), RULE_FAILS);
	cr_expect_eq(judge_sale(&s, SECOND, 5 * SECOND), RULE_FAILS);
	synthetic_release(&s);
}

Test(rules_files, after_read_looks_no_further_back_than_the_line_before)
{
	struct synthetic s = synthetic_new("", AFTER_READ);

	add_task(&s, 0, false, 0);
	add_read(&s, 1, 0, THREE, 0);
	add_line(&s, 1, SECOND, "ann made pie0");
	add_read(&s, 1, 2 * SECOND, THREE, 0);
	add_change(&s, 1, 2 * SECOND, TWO);
	add_line(&s, 1, 4 * SECOND, "1 sold");
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	cr_expect_eq(s.result.evidence_count, 3);
	/* its helper reads for it, somebody else does not */
	add_task(&s, 0, false, 0);
	add_task(&s, 1, false, 0);
	add_task(&s, 0, false, 0);
	add_read(&s, 2, SECOND, THREE, 0);
	add_read(&s, 3, 2 * SECOND, THREE, 0);
	add_change(&s, 1, 2 * SECOND, TWO);
	add_line(&s, 1, 4 * SECOND, "1 sold");
	cr_expect_eq(judge_once(&s), RULE_HOLDS);
}

Test(rules_files, after_read_may_be_about_the_line)
{
	struct synthetic s = synthetic_new("",
		"{'rule':'after-read','file':'db','observation':'sold',"
		"'min':1}");

	cr_expect_eq(judge_sale(&s, SECOND, SECOND), RULE_HOLDS);
	add_task(&s, 0, false, 0);
	add_read(&s, 1, SECOND, THREE, 0);
	add_line(&s, 1, SECOND, "1 sold");
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	/* none at all */
	add_line(&s, 0, SECOND, "1 sold");
	cr_expect_eq(judge_once(&s), RULE_HOLDS);
}

Test(rules_files, after_read_may_be_needed)
{
	struct synthetic s = synthetic_new("",
		"{'rule':'after-read','file':'db','observation':'sold',"
		"'needed':true}");

	add_task(&s, 0, false, 0);
	add_read(&s, 1, 0, THREE, 0);
	add_line(&s, 1, SECOND, "ann made pie0");
	add_line(&s, 1, SECOND, "1 sold");
	cr_expect_eq(judge_scenario(&s, 0), RULE_FAILS);
	add_task(&s, 0, false, 0);
	add_line(&s, 1, SECOND, "ann made pie0");
	add_read(&s, 1, SECOND, THREE, 0);
	add_line(&s, 1, SECOND, "1 sold");
	cr_expect_eq(judge_scenario(&s, 0), RULE_HOLDS);
	/* looks at memory */
	add_task(&s, 0, false, 0);
	add_read(&s, 1, 0, THREE, 0);
	last_event(&s)->call = "mmap";
	add_line(&s, 1, SECOND, "ann made pie0");
	add_line(&s, 1, SECOND, "1 sold");
	cr_expect_eq(judge_once(&s), RULE_HOLDS);
}
