/* How it works: the verdict is filled in the order in which things are known.
 */
#include "grader/grading.h"

#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "grader/compile.h"
#include "grader/hash.h"
#include "grader/right_runs.h"
#include "grader/told_trace.h"

static void fill_layers(
	struct verdict *verdict, const struct jail_context *jail)
{
	const struct jail_layer_state *layers = jail_layers(jail);

	verdict->sandbox_grade = jail_grade(jail);
	verdict->layer_count = JAIL_LAYER_COUNT;
	verdict->layers = xcalloc(JAIL_LAYER_COUNT, sizeof(*verdict->layers));
	for (int i = 0; i < JAIL_LAYER_COUNT; i++) {
		verdict->layers[i].name = xstrdup(layers[i].name);
		verdict->layers[i].on = layers[i].on;
		verdict->layers[i].detail = xstrdup(layers[i].detail);
	}
}

static void fill_run(struct verdict_run *run)
{
	char host[256] = "", text[32] = "";
	time_t now = time(NULL);
	struct tm utc;

	if (gmtime_r(&now, &utc))
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
	gethostname(host, sizeof(host) - 1);
	run->started = xstrdup(text);
	run->host = xstrdup(host);
	run->grader_version = xstrdup(GRADER_VERSION);
}

static struct bilingual copy(const struct bilingual *text)
{
	return (struct bilingual){xstrdup(text->zh ? text->zh : ""),
		xstrdup(text->en ? text->en : "")};
}

/* What a refused submission gets: no mark was looked for. */
static void fill_refused(struct verdict *verdict,
	const struct exercise *exercise, const struct submission *submission,
	uint64_t seed)
{
	verdict->exercise = xstrdup(exercise->id);
	verdict->exercise_title = copy(&exercise->title);
	verdict->refusal = copy(&submission->refusal);
	verdict->state = VERDICT_REFUSED;
	verdict->max_score = exercise->points;
	verdict->master_seed = seed;
	verdict->criterion_count = exercise->criterion_count;
	verdict->criteria = xcalloc(
		exercise->criterion_count + 1, sizeof(*verdict->criteria));
	for (size_t i = 0; i < exercise->criterion_count; i++) {
		const struct criterion_spec *spec = &exercise->criteria[i];
		struct criterion *criterion = &verdict->criteria[i];

		criterion->id = xstrdup(spec->id);
		criterion->title = copy(&spec->title);
		criterion->state = VERDICT_SKIPPED;
		criterion->max_points = spec->points;
		criterion->extra = spec->extra;
		if (spec->extra)
			verdict->extra_max += spec->points;
	}
}

static void add_warning(
	struct verdict *verdict, const char *kind, const struct bilingual *text)
{
	struct verdict_note *note;

	verdict->warnings = xreallocarray(verdict->warnings,
		verdict->warning_count + 1, sizeof(*verdict->warnings));
	note = &verdict->warnings[verdict->warning_count++];
	note->kind = xstrdup(kind);
	note->text = copy(text);
}

/* What the reading of the submission had to say. */
static void add_notes(
	struct verdict *verdict, const struct submission *submission)
{
	static char zh[] = "收到了 ANSWER.md；文字题由老师评分。";
	static char en[] = "ANSWER.md was received; a person marks it.";
	const struct bilingual answer = {zh, en};

	for (size_t i = 0; i < submission->note_count; i++)
		add_warning(verdict, submission->notes[i].kind,
			&submission->notes[i].text);
	if (submission->answer)
		add_warning(verdict, "written-answer", &answer);
}

/* The files as they were read: the report shows them. */
static void add_sources(
	struct verdict *verdict, const struct submission *submission)
{
	verdict->sources =
		xcalloc(submission->file_count + 1, sizeof(*verdict->sources));
	for (size_t i = 0; i < submission->file_count; i++) {
		const struct source_file *file = &submission->files[i];

		verdict->sources[verdict->source_count++] =
			source_text_make(file->name, file->data, file->length);
	}
}

/* Compiles and checks.  0 or a negative errno. */
static int judge(const struct jail_context *jail,
	const struct exercise *exercise, const struct submission *submission,
	const struct grading_options *options, struct verdict *verdict,
	struct err *err)
{
	struct verdict_compile *compile = &verdict->compile;
	struct program program = PROGRAM_INIT;
	int r = compile_submission(jail, submission, &program, err);

	if (r)
		return r;
	compile->ok = program.compile.ok;
	compile->log_cut = program.compile.log_cut;
	compile->command = xstrdup(program.compile.command);
	compile->log = xstrdup(program.compile.log);
	r = check_run(jail, exercise, compile->ok ? &program : NULL,
		&options->check, verdict, err);
	if (!r && compile->ok)
		r = told_traces_record(&(struct explore_target){.jail = jail,
					       .exercise = exercise,
					       .program = &program},
			verdict, &options->check, err);
	if (!r && exercise->folder)
		r = right_runs_add(verdict, exercise->folder, err);
	verdict->run.compile_seconds = round(program.seconds * 1000) / 1000;
	program_release(&program);
	return r;
}

static double elapsed(const struct timespec *since)
{
	struct timespec now;
	double seconds;

	clock_gettime(CLOCK_MONOTONIC, &now);
	seconds = (double)(now.tv_sec - since->tv_sec) +
		  (double)(now.tv_nsec - since->tv_nsec) / 1e9;
	return round(seconds * 1000) / 1000;
}

int grading_run(const struct jail_context *jail,
	const struct exercise *exercise, const struct submission *submission,
	const struct grading_options *options, struct verdict *verdict,
	struct err *err)
{
	struct timespec started;
	int r = 0;

	clock_gettime(CLOCK_MONOTONIC, &started);
	verdict->submission = xstrdup(submission->path);
	verdict->submission_hash = xstrdup(submission->hash);
	fill_layers(verdict, jail);
	fill_run(&verdict->run);
	add_sources(verdict, submission);
	if (submission->refusal.zh)
		fill_refused(verdict, exercise, submission,
			options->check.master_seed);
	else
		r = judge(jail, exercise, submission, options, verdict, err);
	if (r)
		return r;
	add_notes(verdict, submission);
	verdict->run.seconds = elapsed(&started);
	return 0;
}

/* Of the running executable; "" when it cannot be read. */
static char *hash_self(void)
{
	auto_close int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	struct hash *hash = hash_new();
	char piece[64 << 10];
	ssize_t length;

	while (fd >= 0 && (length = read(fd, piece, sizeof(piece))) > 0)
		hash_add(hash, piece, (size_t)length);
	return hash_hex(hash);
}

char *grading_key(const struct grading_options *options)
{
	auto_free char *self = hash_self();

	return xasprintf("%s seed=%" PRIu64 " schedules=%zu thorough=%d", self,
		options->check.master_seed, options->check.schedules,
		options->check.thorough);
}
