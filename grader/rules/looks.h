/*
 * What the grader saw as it looked (faults look and signal of a scenario), for
 * the rules about it.
 */
#ifndef GRADER_RULES_LOOKS_H
#define GRADER_RULES_LOOKS_H

#include "grader/rules/rule.h"

/* One look, or one signal sent; the files are seen at looks only. */
struct look {
	size_t event; /* the fault's */
	int process;  /* that it was about; -1: none was alive */
	int64_t time_us;
};

/* The fields that choose it, for the table of a kind. */
#define LOOK_FIELD                                                             \
	{                                                                      \
		"at", RULE_NUMBER, false, NULL,                                \
			"the look at this time, in seconds (default: that at " \
			"main's end)"                                          \
	}

/*
 * The look that the rule's "at" means.  When the run has none, fails RESULT
 * (nobody was left to look at, so the run was over) and returns false.
 */
bool look_find(const struct rule *rule, const struct observed_run *run,
	struct rule_result *result, struct look *look);

/* The same at SECONDS, without failing anything. */
bool look_find_at(
	const struct observed_run *run, double seconds, struct look *look);

/* Event of the state WHAT ("umask", "file db") at the look; count: none. */
size_t look_state(const struct observed_run *run, const struct look *look,
	const char *what);

/* Text of the file at the look, or at the end of the run; NULL: no file. */
const char *look_file(const struct observed_run *run, const struct look *look,
	const char *name);
/* Was the event a change of the file of that name? */
bool look_changes(const struct event *event, const char *name);

/*
 * Shows the starts of the program and what was done to the file of that name
 * between the events FROM and TO.
 */
void look_show_changes(const struct observed_run *run, const char *name,
	size_t from, size_t to, struct rule_result *result);

const char *final_text(const struct observed_run *run, const char *name);

#endif
