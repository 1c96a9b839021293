/*
 * The verdict: what check() found out about one submission.  A plain value
 * that every report writer reads and none changes.
 *
 * Nothing here depends on the clock of the wall, the host or the load, save
 * `struct verdict_run`: the rest of a report is byte-identical between two
 * gradings of the same bytes.
 */
#ifndef GRADER_VERDICT_H
#define GRADER_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace/trace.h"

/* Owned text in both languages of the course. */
struct bilingual {
	char *zh;
	char *en;
};

enum verdict_state {
	VERDICT_PASS,
	VERDICT_FAIL,
	VERDICT_SKIPPED,       /* a premise failed: not judged, no points */
	VERDICT_NEEDS_GRADING, /* waits for a person */
	VERDICT_REFUSED,       /* whole submission: not gradable */
};
const char *verdict_state_name(enum verdict_state state); /* static */

/* One event of the evidence, told for a student. */
struct verdict_event {
	uint32_t seq;
	int64_t time_us;
	char *who; /* "路人3", "main", "main's child 2" */
	int task;
	struct bilingual what; /* "读到 db.json: {\"count\": 1}" / "read…" */
	char *place;           /* "tickets.c:41" or NULL */
};

/* A rule that did not hold, and the schedule that shows it. */
struct finding {
	char *rule;               /* rule kind: "never-overlap" */
	struct bilingual message; /* what happened, and why it is wrong */
	struct bilingual hint;    /* what to look at */
	char *cause;              /* the mistake, NULL when not recognised: */
	struct bilingual story;   /* who did what, when and where */
	struct bilingual remedy;  /* what to do about it */
	char *scenario;
	char *scenario_command; /* "./tickets lock 10" */
	bool hidden;            /* the scenario is a hidden one */
	/* the schedule that shows it */
	char *policy;
	uint64_t seed;
	char *switches;      /* fixed choices, text form; NULL = none */
	size_t switch_count; /* switches proper that it makes */
	char *trace_hash;    /* SHA-256 of what it gives, hex */
	/* the schedule in which it was found, before that was shrunk */
	size_t schedule; /* its index in the exploration, 0-based */
	char *found_policy;
	size_t found_switches;
	size_t failing_schedules; /* of how many ... */
	size_t schedules;         /* ... that were run, this rule failed in */
	struct verdict_event *events;
	size_t event_count;
};

/* What was answered in words, for a person to mark. */
struct written_answer {
	char *file; /* "ANSWER.md", as the student spelt it */
	char *hash; /* SHA-256 of its bytes, hex */
	char *text; /* valid UTF-8; NULL: there is no answer */
};

/* The points that a person gave. */
struct mark {
	double points;
	char *comment; /* NULL: none */
	char *by;      /* who; NULL: not told */
	char *given;   /* when: ISO 8601, UTC */
	char *of;      /* hash of what was marked: of the answer, or of the
			  submission where a criterion has none */
	bool counts;   /* false: of something that was handed in earlier */
};

struct criterion {
	char *id;
	struct bilingual title;
	enum verdict_state state;
	double points, max_points;
	bool extra; /* on top of the full marks */
	struct finding *findings;
	size_t finding_count;
	bool written; /* judged by a person from the answer */
	struct written_answer answer;
	struct mark *mark; /* NULL: no person has given points */
};

/* A warning or note: never changes a mark. */
struct verdict_note {
	char *kind; /* "left-object", "busy-wait", "order" ... */
	struct bilingual text;
	bool hidden; /* only a hidden scenario gave it: see audience.h */
};

struct verdict_compile {
	char *command; /* exact, as run */
	bool ok;
	char *log; /* gcc's diagnostics, cleaned, UTF-8 */
	bool log_cut;
};

struct verdict_layer {
	char *name;
	bool on;
	char *detail; /* "" when on */
};

struct verdict_run {
	char *started; /* ISO 8601, UTC */
	char *host;
	double seconds, compile_seconds;
	char *grader_version;
	/* what runs in true parallel showed; the kind is the scenario's id */
	size_t parallel_runs;
	struct verdict_note *parallel_notes;
	size_t parallel_note_count;
};

struct verdict {
	char *exercise;
	struct bilingual exercise_title;
	char *submission;      /* path as given */
	char *submission_hash; /* of its files' names and bytes, hex */
	struct verdict_compile compile;
	enum verdict_state state; /* PASS = full marks, extras aside */
	struct bilingual refusal; /* when REFUSED */
	double score, max_score;  /* without extras */
	double extra_score, extra_max;
	struct criterion *criteria;
	size_t criterion_count;
	struct verdict_note *warnings;
	size_t warning_count;
	char sandbox_grade;
	struct verdict_layer *layers;
	size_t layer_count;
	uint64_t master_seed;
	size_t schedules, distinct_traces, scenarios;
	size_t exhausted;   /* scenarios in which all orders were run */
	int64_t virtual_us; /* virtual time of all runs together */
	struct verdict_run run;
};

void verdict_release(struct verdict *verdict);

void written_answer_release(struct written_answer *answer);
struct mark *mark_copy(const struct mark *mark); /* NULL of NULL */
void mark_free(struct mark *mark);               /* accepts NULL */

/* Sums points into score and extra_score and sets state from criteria. */
void verdict_settle(struct verdict *verdict);

#endif
