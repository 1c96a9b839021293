/*
 * An exercise: what exercise.json says, checked and ready to use.  See
 * grader-exercise(5).
 *
 * A plain value; nothing in it changes after loading.  Everything is owned
 * by the exercise.
 */
#ifndef GRADER_EXERCISE_H
#define GRADER_EXERCISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "grader/expression.h"
#include "grader/pattern.h"
#include "grader/verdict.h"
#include "run.h"

/* One way of running the program. */
struct scenario {
	char *id;
	struct bilingual title;
	char **argv;      /* "./tickets", "lock", "10", NULL */
	char *command;    /* the same, joined by blanks */
	char *stdin_data; /* NULL = empty */
	size_t stdin_length;
	struct run_file *files;
	size_t file_count;
	enum run_stdout stdout_kind;
	bool hidden;
	bool early_exit;          /* an argument error or the like: the order
				     of steps does not matter */
	bool early_clock;         /* no rule of it is about durations: the
				     clock may advance though a process
				     could run */
	int64_t first_pid;        /* of main; 0 = as it comes */
	int64_t up_us;            /* see run_spec */
	size_t schedules;         /* how many by default, >= 1 */
	struct run_fault *faults; /* their strings are owned */
	size_t fault_count;
	bool outlives_main;       /* the run goes on when main has ended */
	struct run_start *starts; /* further ones, by time */
	char ***start_argv;       /* owns their argv; NULL as there */
	size_t start_count;
	bool sweeps;  /* faults[swept].nth is not fixed: each schedule has */
	size_t swept; /* the next; see explore.h */
	struct run_limits limits; /* zero fields = the engine's default */
	char **groups;            /* names that a rule may give for it */
	size_t group_count;
	struct expression_value *values; /* named numbers for rules */
	size_t value_count;
};

struct rule_kind; /* grader/rules/rule.h */
struct rule_value;

/* A rule as declared: kind, parameters, where it applies. */
struct rule {
	const struct rule_kind *kind;
	struct rule_value *values; /* one a field of the kind */
	size_t *scenarios;         /* indices, rising */
	size_t scenario_count;
	bool some;             /* must hold in some schedule, not in all */
	int premise;           /* criterion's index, -1 = none: when that one
				  failed, this rule is not judged */
	struct bilingual hint; /* "" when none is given */
	int line;              /* in exercise.json */
};

/* A thing that gets a mark. */
struct criterion_spec {
	char *id;
	struct bilingual title;
	double points;
	bool extra;
	bool elsewhere; /* it has no rules here: see grader pack */
	char *answer;   /* file of words that a person marks, instead of
			   rules; NULL: none */
	int premise;    /* criterion's index, -1 = none */
	struct rule *rules;
	size_t rule_count;
};

struct exercise {
	char *id;
	char *folder; /* it was loaded from; NULL after exercise_parse() */
	struct bilingual title;
	char *program;        /* "tickets" */
	char *note_arguments; /* "lock 10": the example of the handout */
	bool allow_unix_sockets;
	int64_t after_main_us; /* see run_spec; of scenarios whose processes
				  end with main */
	struct pattern *patterns;
	size_t pattern_count;
	struct scenario *scenarios;
	size_t scenario_count;
	struct criterion_spec *criteria;
	size_t criterion_count;
	double points; /* full marks, extras aside: 100 */
};

/*
 * Reads FOLDER/exercise.json, and FOLDER/hidden.json where there is one, whose
 * scenarios come behind those of the first and are hidden.  The caller frees
 * *EXERCISE.  Returns 0, or a negative errno with the file, line and field in
 * *ERR.
 */
int exercise_load(
	struct exercise **exercise, const char *folder, struct err *err);

/* A file's text; NAME stands for it in messages.  All borrowed. */
struct exercise_text {
	const char *name;
	const char *data;
	size_t length;
};

/* The same from memory; HIDDEN may be NULL. */
int exercise_parse_files(struct exercise **exercise,
	const struct exercise_text *text, const struct exercise_text *hidden,
	struct err *err);

/* Of exercise.json alone. */
int exercise_parse(struct exercise **exercise, const char *text, size_t length,
	const char *name, struct err *err);

void exercise_free(struct exercise *exercise);

/* Borrowed; NULL when there is none of that name. */
const struct scenario *exercise_scenario(
	const struct exercise *exercise, const char *id);

/*
 * Argument NUMBER (from 1) with which the scenario's program has to work: its
 * own, or when it has none at all that of the note.  Owned by the caller, NULL
 * when there is none.
 */
char *exercise_argument(const struct exercise *exercise,
	const struct scenario *scenario, int number);

/* Nothing here judges it: a person or another grader does. */
bool criterion_needs_person(const struct criterion_spec *spec);

/* The criterion of a verdict before anything is judged; owned. */
struct criterion exercise_criterion(const struct criterion_spec *spec);

/* True when some pattern makes observations of that kind. */
bool exercise_has_observation(
	const struct exercise *exercise, const char *kind);

#endif
