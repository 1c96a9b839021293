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

/* A process or thread of a recorded run. */
struct told_task {
	char *name; /* "路人3" */
	int parent; /* -1: the program's start */
	int process;
	int64_t born_us, died_us; /* died_us -1: alive at the end */
};

/* An event of a recorded run, with the words for it. */
struct told_event {
	uint32_t seq;
	int64_t time_us;
	int task; /* -1 the engine */
	enum event_kind kind;
	int other;
	int64_t value, offset;
	int status, signal;
	char *object, *text, *after, *call; /* cut; NULL where it has none */
	struct bilingual what;
	char *place;
};

/* A task that could have gone on had to let another. */
struct told_switch {
	uint32_t position; /* in front of the event of that number */
	int from, to;      /* tasks; to is -1 when the clock went on */
};

#define TOLD_EVENTS_MAX 2000

/* A run as a report shows it: all that its diagram needs. */
struct told_trace {
	char *scenario;
	char *hash; /* of the whole trace, as struct finding has it */
	bool right; /* of a right solution, to compare with */
	struct told_task *tasks;
	size_t task_count;
	struct told_event *events; /* at most TOLD_EVENTS_MAX, the first ... */
	size_t event_count, event_total; /* ... of so many */
	struct told_switch *switches;
	size_t switch_count;
};

/* A file of the submission. */
struct source_text {
	char *name;
	char *text; /* valid UTF-8 */
	bool cut;   /* there was more of it */
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

/* What a report has not all of, lest it gets too big: see bounds.h. */
enum verdict_part {
	VERDICT_PART_COMPILE,
	VERDICT_PART_SOURCES,
	VERDICT_PART_TRACES,
	VERDICT_PART_FINDINGS,
	VERDICT_PART_NOTES,
	VERDICT_PART_ANSWERS,
	VERDICT_PART_COUNT,
};
const char *verdict_part_name(enum verdict_part part); /* static */

struct verdict {
	char *exercise;
	struct bilingual exercise_title;
	char *submission;            /* path as given */
	char *submission_hash;       /* of its files' names and bytes, hex */
	struct source_text *sources; /* as compiled */
	size_t source_count;
	struct verdict_compile compile;
	enum verdict_state state; /* PASS = full marks, extras aside */
	struct bilingual refusal; /* when REFUSED */
	double score, max_score;  /* without extras */
	double extra_score, extra_max;
	struct criterion *criteria;
	size_t criterion_count;
	/* runs of findings, by scenario and hash; none of hidden scenarios */
	struct told_trace *traces;
	size_t trace_count;
	struct verdict_note *warnings;
	size_t warning_count;
	char sandbox_grade;
	struct verdict_layer *layers;
	size_t layer_count;
	uint64_t master_seed;
	size_t schedules, distinct_traces, scenarios;
	size_t exhausted;   /* scenarios in which all orders were run */
	int64_t virtual_us; /* virtual time of all runs together */
	bool truncated[VERDICT_PART_COUNT];
	struct verdict_run run;
};

void verdict_release(struct verdict *verdict);

void told_trace_release(struct told_trace *trace);

/* Leaves the first COUNT events, and of tasks and switches what is named in
   them. */
void told_trace_cut(struct told_trace *trace, size_t count);

/* The recorded run of the finding; NULL when none was kept. */
const struct told_trace *verdict_trace(
	const struct verdict *verdict, const struct finding *finding);

void written_answer_release(struct written_answer *answer);
struct mark *mark_copy(const struct mark *mark); /* NULL of NULL */
void mark_free(struct mark *mark);               /* accepts NULL */

/* Sums points into score and extra_score and sets state from criteria. */
void verdict_settle(struct verdict *verdict);

#endif
