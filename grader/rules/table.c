/*
 * The vocabulary, in the order in which grader-exercise(5) lists it.
 */
#include "grader/rules/kinds.h"

static const struct rule_field NO_FIELDS[] = {{0}};

static const struct rule_kind RULE_COMPILES = {
	.name = "compiles",
	.meaning = "the submission compiles",
	.fields = NO_FIELDS,
};

const struct rule_kind *const RULE_KINDS[] = {
	&RULE_COMPILES,
	&RULE_ENDS,
	&RULE_EXIT_STATUS,
	&RULE_STDERR_LINES,
	&RULE_CHILDREN,
	&RULE_WRITER,
	&RULE_COUNT,
	&RULE_EACH_ONCE,
	&RULE_AMONG,
	&RULE_CONSERVED,
	&RULE_PRECEDES,
	&RULE_SEQUENCE,
	&RULE_TAKEN_IN_ORDER,
	&RULE_NO_EARLIER,
	&RULE_ENDS_AFTER,
	&RULE_ENDS_BY,
	&RULE_ENDS_WITH_MAIN,
	&RULE_NEVER_OVERLAP,
	&RULE_AT_ONCE,
	&RULE_LIFETIME_WITHIN,
	&RULE_REAPED,
	&RULE_NOTHING_LEFT,
	&RULE_DURATION,
	&RULE_WHEN,
	&RULE_FINAL_FILE,
	&RULE_FILE_STEPS,
	&RULE_SAME_READ,
	&RULE_WHOLE_READS,
	&RULE_BLOCKS,
	&RULE_FAULT_HIT,
	&RULE_STATE,
	&RULE_FILE_AT,
	&RULE_FILE_LINES,
	&RULE_LOOKED_AT_ENDS,
	&RULE_STARTS_ALIVE,
	&RULE_SAME_OUTPUT,
	&RULE_COMPARE_DURATION,
	NULL,
};
