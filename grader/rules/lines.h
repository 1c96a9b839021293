/*
 * What rules about printed lines share: choosing observations, keys.
 */
#ifndef GRADER_RULES_LINES_H
#define GRADER_RULES_LINES_H

#include "grader/rules/rule.h"

/* True when the observation's kind is among the texts of the field. */
bool line_is(const struct rule *rule, const char *field,
	const struct observation *seen);

/*
 * True unless the rule has a field `by`, main or child, and the other side
 * wrote the line.
 */
bool line_is_by(const struct rule *rule, const struct observation *seen);

/*
 * True when the rule's flag `all_ended` is set and a process lived on when
 * main had ended: it might still have written what is missing.
 */
bool rule_leaves_aside(const struct rule *rule, const struct observed_run *run);

/*
 * How long the program took, in virtual us: to main's end, or to that of the
 * last one which main left behind, as far as it was followed (after_main).
 */
int64_t rule_program_us(const struct observed_run *run);

/* True when the process writes a line whose kind is among them. */
bool line_is_printed(const struct rule *rule, const char *field,
	const struct observed_run *run, int process);

/* What people call the kind ("购票成功"); borrowed. */
const char *line_label(const struct observed_run *run, const char *kind);

/* Labels of all kinds of the field, "a / b"; owned by the caller. */
char *line_labels(const struct rule *rule, const char *field,
	const struct observed_run *run);

/*
 * Values of the groups, with blanks between; owned by the caller.  A group
 * that the observation's pattern does not have counts as empty.
 */
char *line_key(
	const struct observation *seen, char *const *groups, size_t count);

/* The groups of all dimensions of KEYS, in order; borrowed texts. */
size_t line_key_groups(
	const struct rule_value *keys, char **groups, size_t max);

/*
 * All expected keys, written as line_key() does with the groups of
 * line_key_groups().  Owned by the caller, NULL-terminated.
 */
char **line_expected_keys(const struct rule_value *keys,
	const struct observed_run *run, size_t *count);

#define LINE_GROUPS_MAX 8

/*
 * The observation of kind THAN with the same key as SEEN and an index lower
 * by LAG; NULL when there is none.  A rule that gives no index means the place
 * among the lines of one kind (the rule's `observation`, THAN) and key.
 */
const struct observation *line_behind(const struct rule *rule,
	const struct observed_run *run, const struct observation *seen,
	int64_t lag);

/* True for a fault after which the task goes on, but later. */
bool event_holds_up(const struct event *event);

/*
 * True when a fault of the grader holds up a task of another process than BUT
 * (-1: of any) at some time from FROM_US to TO_US, the instants at which it is
 * let go included: what waits for that process is late for no fault of its own.
 */
bool rule_is_held(const struct observed_run *run, int but, int64_t from_us,
	int64_t to_us);

/*
 * Fails RESULT when main did not end by itself in time (deadlock, limit):
 * for rules that ask what was at main's end.  True when it did end.
 */
bool rule_needs_end(const struct observed_run *run, struct rule_result *result);

/* A double of seconds, for messages. */
double rule_seconds(int64_t us);

/* Virtual totals are exact to this. */
#define RULE_TOLERANCE 0.1

#endif
