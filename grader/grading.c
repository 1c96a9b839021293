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
#include "grader/bounds.h"
#include "grader/compile.h"
#include "grader/hash.h"
#include "grader/notes.h"
#include "grader/right_runs.h"
#include "grader/tell.h"
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

/* What a refused submission gets: no mark was looked for. */
static void fill_refused(struct verdict *verdict,
	const struct exercise *exercise, const struct submission *submission,
	uint64_t seed)
{
	verdict->exercise = xstrdup(exercise->id);
	verdict->exercise_title = bilingual_copy(&exercise->title);
	verdict->refusal = bilingual_copy(&submission->refusal);
	verdict->state = VERDICT_REFUSED;
	verdict->max_score = exercise->points;
	verdict->master_seed = seed;
	verdict->criterion_count = exercise->criterion_count;
	verdict->criteria = xcalloc(
		exercise->criterion_count + 1, sizeof(*verdict->criteria));
	for (size_t i = 0; i < exercise->criterion_count; i++) {
		const struct criterion_spec *spec = &exercise->criteria[i];
		struct criterion *criterion = &verdict->criteria[i];

		*criterion = exercise_criterion(spec);
		criterion->state = VERDICT_SKIPPED;
		if (spec->extra)
			verdict->extra_max += spec->points;
	}
}

/* What the reading of the submission had to say. */
static void add_notes(struct verdict *verdict, const struct exercise *exercise,
	const struct submission *submission)
{
	bool asked = false;

	for (size_t i = 0; i < submission->note_count; i++)
		note_add(verdict, submission->notes[i].kind,
			bilingual_copy(&submission->notes[i].text));
	for (size_t i = 0; i < exercise->criterion_count; i++)
		asked |= exercise->criteria[i].answer != NULL;
	if (!asked && answer_is_there(&submission->answer))
		note_add(verdict, "written-answer",
			(struct bilingual){
				xstrdup(ANSWER_NAME
					" 没有用到：这道练习没有书面题。"),
				xstrdup(ANSWER_NAME
					" was not used: this exercise asks for "
					"nothing in words"),
			});
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
	if (!submission->refusal.zh) {
		answer_attach(&submission->answer, verdict);
		verdict_settle(verdict);
	}
	add_notes(verdict, exercise, submission);
	bounds_apply(verdict);
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
