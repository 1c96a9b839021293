/*
 * Explanations: from a rule that did not hold to the mistake behind it.
 *
 * A recogniser looks at the whole run in which a rule failed and either names
 * the mistake, with a story of what happened, or says nothing.  It claims
 * only what the trace proves; where none is sure, a finding keeps its plain
 * message.  Pure.
 */
#ifndef GRADER_EXPLAIN_EXPLAIN_H
#define GRADER_EXPLAIN_EXPLAIN_H

#include <stdbool.h>

#include "grader/observe.h"
#include "grader/rules/rule.h"
#include "grader/verdict.h"

/* All zeroes: no mistake was recognised. */
struct explanation {
	const char *cause;       /* id of a known mistake, static */
	struct bilingual story;  /* who did what, when, where; owned */
	struct bilingual remedy; /* one sentence; owned */
};

/*
 * Explains why RULE, judged on RUN with what it kept in MEMORY, gave RESULT,
 * which is a failure.  Fills *OUT and returns true, or leaves it alone and
 * returns false.
 */
bool explain(const struct observed_run *run, const struct rule *rule,
	const struct rule_memory *memory, const struct rule_result *result,
	struct explanation *out);

void explanation_release(struct explanation *explanation);

/* The known causes in the order of the table: the INDEXth, or NULL. */
const char *explain_cause(size_t index);
/* What that cause is, in a few words for the manual; static. */
const char *explain_meaning(size_t index);

#endif
