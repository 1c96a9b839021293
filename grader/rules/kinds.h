/* The kinds of rules, one file each. */
#ifndef GRADER_RULES_KINDS_H
#define GRADER_RULES_KINDS_H

#include "grader/rules/rule.h"

extern const struct rule_kind RULE_ENDS;
extern const struct rule_kind RULE_EXIT_STATUS;
extern const struct rule_kind RULE_STDERR_LINES;
extern const struct rule_kind RULE_CHILDREN;
extern const struct rule_kind RULE_WRITER;
extern const struct rule_kind RULE_COUNT;
extern const struct rule_kind RULE_EACH_ONCE;
extern const struct rule_kind RULE_AMONG;
extern const struct rule_kind RULE_CONSERVED;
extern const struct rule_kind RULE_PRECEDES;
extern const struct rule_kind RULE_SEQUENCE;
extern const struct rule_kind RULE_TAKEN_IN_ORDER;
extern const struct rule_kind RULE_NO_EARLIER;
extern const struct rule_kind RULE_NO_LATER;
extern const struct rule_kind RULE_SOON_AFTER;
extern const struct rule_kind RULE_ANNOUNCED;
extern const struct rule_kind RULE_INSIDE_AT;
extern const struct rule_kind RULE_WOKEN;
extern const struct rule_kind RULE_READS_INPUT;
extern const struct rule_kind RULE_ENDS_AFTER;
extern const struct rule_kind RULE_ENDS_AFTER_TAKES;
extern const struct rule_kind RULE_ENDS_BY;
extern const struct rule_kind RULE_ENDS_WITH_MAIN;
extern const struct rule_kind RULE_PROCESS_STATE;
extern const struct rule_kind RULE_PROCESS_NUMBERS;
extern const struct rule_kind RULE_PRIVATE_NUMBER;
extern const struct rule_kind RULE_ALIVE_AT;
extern const struct rule_kind RULE_NEVER_OVERLAP;
extern const struct rule_kind RULE_AT_ONCE;
extern const struct rule_kind RULE_SLEEPS;
extern const struct rule_kind RULE_LIFETIME_WITHIN;
extern const struct rule_kind RULE_REAPED;
extern const struct rule_kind RULE_NOTHING_LEFT;
extern const struct rule_kind RULE_DURATION;
extern const struct rule_kind RULE_WHEN;
extern const struct rule_kind RULE_LASTS;
extern const struct rule_kind RULE_TELLS_TIME;
extern const struct rule_kind RULE_MADE_BEFORE;
extern const struct rule_kind RULE_MADE_AFTER;
extern const struct rule_kind RULE_FINAL_FILE;
extern const struct rule_kind RULE_FILE_STEPS;
extern const struct rule_kind RULE_SAME_READ;
extern const struct rule_kind RULE_AFTER_READ;
extern const struct rule_kind RULE_WHOLE_READS;
extern const struct rule_kind RULE_BLOCKS;
extern const struct rule_kind RULE_FAULT_HIT;
extern const struct rule_kind RULE_STATE;
extern const struct rule_kind RULE_FILE_AT;
extern const struct rule_kind RULE_FILE_LINES;
extern const struct rule_kind RULE_FILE_BEATS;
extern const struct rule_kind RULE_OUTPUT_RELEASED;
extern const struct rule_kind RULE_LOOKED_AT_ENDS;
extern const struct rule_kind RULE_STARTS_ALIVE;
extern const struct rule_kind RULE_SAME_OUTPUT;
extern const struct rule_kind RULE_COMPARE_DURATION;

/*
 * ends.c: behind what RESULT, a failure, tells: that a process crashed in this
 * run, if one did.
 */
void rule_tell_crash(
	const struct observed_run *run, struct rule_result *result);

#endif
