/*
 * Rules: named checks on the runs of a scenario.
 *
 * The vocabulary is fixed: one struct rule_kind each, in a file of its own,
 * listed in rules/table.c.  A kind names its parameters in a table, from
 * which the reader of exercise.json and grader-exercise(5) come, and judges
 * one observed run at a time.  Judging is pure: no system call, no clock.
 * `make schema` brings exercise.schema.json up to date; tests ask for that,
 * and for an example in grader-exercise(5).
 *
 * A rule must hold for every program that keeps the exercise's contract,
 * however odd its style: where a trace does not show enough to be sure, a
 * rule does not fail.
 */
#ifndef GRADER_RULES_RULE_H
#define GRADER_RULES_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "grader/exercise.h"
#include "grader/observe.h"
#include "grader/verdict.h"

enum rule_field_type {
	RULE_OBSERVATION,  /* text: a kind of observation of a pattern */
	RULE_OBSERVATIONS, /* texts: a list of them */
	RULE_NUMBER,       /* text: an expression over the scenario's values */
	RULE_NAME,         /* text */
	RULE_NAMES,        /* texts */
	RULE_CHOICE,       /* text: one of field.choices */
	RULE_FLAG,         /* flag */
	RULE_KEYS,         /* keys: the expected keys, by dimension */
	RULE_CONTENT,      /* names and texts: JSON object of expressions */
};

struct rule_field {
	const char *name; /* NULL ends the table */
	enum rule_field_type type;
	bool required;
	const char *choices; /* "a|b|c" for RULE_CHOICE */
	const char *meaning;
};

/*
 * One dimension of a set of expected keys.  Either rows of texts for GROUPS
 * (the first FIRST of them count) or the whole numbers FROM..TO for the one
 * group.  The expected keys are all combinations of the dimensions' rows.
 */
struct rule_dimension {
	char **groups;
	size_t group_count;
	char **rows; /* row_count * group_count texts */
	size_t row_count;
	char *first;     /* expression, NULL = all rows */
	char *from, *to; /* expressions, when there are no rows */
};

struct rule_value {
	bool set;
	bool flag;
	char *text;
	char **names; /* of RULE_CONTENT, NULL-terminated */
	char **texts; /* NULL-terminated */
	size_t count;
	struct rule_dimension *keys;
	size_t key_count;
};

enum rule_state {
	RULE_HOLDS,
	RULE_FAILS,
	RULE_UNJUDGED, /* the run does not show it: a person must look */
};

#define RULE_EVIDENCE_MAX 12

/* What judging one run gave.  All zeroes = holds. */
struct rule_result {
	enum rule_state state;
	struct bilingual message;           /* unless it holds; owned */
	size_t evidence[RULE_EVIDENCE_MAX]; /* event indices */
	size_t evidence_count;
	/* which of the kind's failures this is: two with the same manner differ
	   in names and numbers only; static, NULL when it holds */
	const char *manner;
	bool follows;          /* fails only because the program did not end */
	bool unhinted;         /* not the failure that the rule's hint is for */
	struct bilingual note; /* any state; "" or NULL = none */
};

/*
 * What a rule that compares scenarios keeps from earlier runs.  Owned by who
 * judges; all zeroes before the first run.
 */
struct rule_memory {
	bool set;
	size_t scenario; /* where it was set */
	char **lines;    /* NULL-terminated, sorted */
	int64_t time_us;
	bool told;
};
void rule_memory_release(struct rule_memory *memory);
struct rule_memory rule_memory_copy(const struct rule_memory *memory);

typedef void rule_judge_fn(const struct rule *rule,
	const struct observed_run *run, struct rule_memory *memory,
	struct rule_result *result);

struct rule_kind {
	const char *name;
	const char *meaning;
	const struct rule_field *fields;
	rule_judge_fn *judge; /* NULL: judged by check (`compiles`) */
};

/* The table; ends with NULL. */
extern const struct rule_kind *const RULE_KINDS[];
const struct rule_kind *rule_kind_by_name(const char *name);

/*
 * Judges one run: the kind's function, after what holds for every kind (a
 * run that the engine could not model is unjudged).
 */
void rule_judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result);
void rule_result_release(struct rule_result *result);

/* Parameters: the value of the field of that name; never NULL. */
const struct rule_value *rule_get(const struct rule *rule, const char *field);
/* Its text, NULL when not given. */
const char *rule_text(const struct rule *rule, const char *field);
/*
 * Value of a number for this run, FALLBACK when not given.  Beside the
 * scenario's values an expression may name `killed` (processes but main that
 * the grader killed) and `killed_wrote` (those of them that had changed a
 * watched file since their last logical read of it).
 */
double rule_number(const struct rule *rule, const char *field,
	const struct observed_run *run, double fallback);
/* True when KIND is among the texts of the field. */
bool rule_lists(const struct rule *rule, const char *field, const char *kind);

/* Evaluates TEXT for the run (it was checked when the exercise was read). */
double rule_evaluate(const char *text, const struct observed_run *run);

/*
 * The result fails; the messages are set by rule_say().  Nothing happens
 * when it has failed already: the first violation is the one told.  Returns
 * true when this call made it fail.
 */
bool rule_fail(struct rule_result *result);
bool rule_cannot_judge(struct rule_result *result);
void rule_say_zh(struct rule_result *result, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void rule_say_en(struct rule_result *result, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Adds the event to the evidence: once, and up to the maximum. */
void rule_show(struct rule_result *result, size_t event);

#endif
