/*
 * grader replay: the schedule of a finding run again, shown step by step, and
 * proved to be the same run: its trace has the hash that the report gives.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "grader/atomic_file.h"
#include "grader/catalog.h"
#include "grader/command.h"
#include "grader/compile.h"
#include "grader/explore.h"
#include "grader/report/report_replay.h"
#include "grader/report_file.h"
#include "grader/submission.h"
#include "grader/suggest.h"
#include "grader/tell.h"
#include "scheduler/switches.h"

struct arguments {
	const char *report, *criterion, *path;
	const char *exercise, *trace_path;
	size_t finding; /* from 1 */
	enum language language;
	bool force, all, quiet;
};

/* All that one replay holds; released together. */
struct job {
	struct arguments arguments;
	struct verdict report; /* as far as its findings */
	const struct criterion *criterion;
	const struct finding *finding;
	struct exercise *exercise;
	size_t scenario;
	char *told_path; /* of the submission, by the report */
	struct submission submission;
	struct jail_context *jail;
	struct program program;
	bool same_files, same_trace;
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	const char **words[] = {
		&arguments->report, &arguments->criterion, &arguments->path};

	switch (key) {
	case 'a':
		arguments->all = true;
		return 0;
	case 'e':
		arguments->exercise = text;
		return 0;
	case 'f':
		arguments->force = true;
		return 0;
	case 'n':
		arguments->finding = command_number("--finding", text, 1, 1000);
		return 0;
	case 'l':
		if (language_by_name(text, &arguments->language))
			argp_error(state, "--lang takes zh or en");
		return 0;
	case 'q':
		arguments->quiet = true;
		return 0;
	case 't':
		arguments->trace_path = text;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num >= sizeof(words) / sizeof(*words))
			argp_error(state, "too many arguments: '%s'", text);
		else
			*words[state->arg_num] = text;
		return 0;
	case ARGP_KEY_END:
		if (!arguments->report)
			argp_error(state, "needs REPORT, as in: grader replay "
					  "report.json mutex");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void parse_arguments(int argc, char **argv, struct arguments *arguments)
{
	static const struct argp_option options[] = {
		{"all", 'a', NULL, 0, N_("show every step of a long run"), 0},
		{"finding", 'n', "N", 0,
			N_("the criterion's finding number N (default 1)"), 0},
		{"trace", 't', "FILE", 0, N_("write the trace to FILE"), 0},
		{"exercise", 'e', "NAME", 0,
			N_("the exercise, when the report's name for it is not "
			   "enough"),
			0},
		{"force", 'f', NULL, 0,
			N_("go on when the submission has changed"), 0},
		{"lang", 'l', "zh|en", 0, N_("language"), 0},
		{"quiet", 'q', NULL, 0,
			N_("show nothing, only compare the trace's bytes"), 0},
		{0},
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "REPORT [CRITERION [PATH]]",
		.doc = N_(
			"Runs the schedule of a finding again and shows it "
			"step by step.  REPORT is what 'grader check --report' "
			"wrote, - for standard input; CRITERION is an id, the "
			"first that failed by default; PATH is where the "
			"submission is now.\n\nExit status: 0 the same bytes "
			"as in the report, 1 not the same, or the submission "
			"has changed, 2 wrong use or no such report, criterion "
			"or schedule, 3 trouble of the grader."),
	};

	arguments->language = language_default();
	arguments->finding = 1;
	command_parse(&argp, argc, argv, arguments);
}

static int unknown_criterion(const struct job *job, struct err *err)
{
	const struct verdict *report = &job->report;
	const char *id = job->arguments.criterion, *near;
	auto_free const char **ids =
		xcalloc(report->criterion_count + 1, sizeof(*ids));
	struct buf failed = {0};

	for (size_t i = 0; i < report->criterion_count; i++) {
		ids[i] = report->criteria[i].id;
		if (report->criteria[i].finding_count)
			buf_addf(&failed, " %s", ids[i]);
	}
	near = suggest(id, ids, report->criterion_count);
	if (near)
		err_set(err, -ENOENT,
			"the report has no criterion '%.60s'; did you mean "
			"'%s'?",
			id, near);
	else
		err_set(err, -ENOENT,
			"the report has no criterion '%.60s'; with findings:%s",
			id, failed.data ? failed.data : _(" none"));
	buf_release(&failed);
	return -ENOENT;
}

/* The first criterion with a schedule to show, or the one asked for. */
static int find_criterion(struct job *job, struct err *err)
{
	const struct verdict *report = &job->report;
	const char *wanted = job->arguments.criterion;

	for (size_t i = 0; i < report->criterion_count; i++) {
		const struct criterion *one = &report->criteria[i];

		if (wanted ? !strcmp(one->id, wanted)
			   : one->finding_count && one->findings[0].scenario) {
			job->criterion = one;
			return 0;
		}
	}
	return wanted ? unknown_criterion(job, err)
		      : err_set(err, -ENOENT,
				"the report has no finding to be replayed");
}

static int find_finding(struct job *job, struct err *err)
{
	size_t number = job->arguments.finding;
	int r = find_criterion(job, err);

	if (r)
		return r;
	if (!job->criterion->finding_count)
		return err_set(err, -ENOENT,
			"criterion '%s' has no finding: there is nothing to "
			"replay",
			job->criterion->id);
	if (number > job->criterion->finding_count)
		return err_set(err, -ENOENT,
			"criterion '%s' has %zu finding(s), not %zu",
			job->criterion->id, job->criterion->finding_count,
			number);
	job->finding = &job->criterion->findings[number - 1];
	if (!job->finding->scenario)
		return err_set(err, -ENOENT,
			"criterion '%s' failed without a run: there is nothing "
			"to replay",
			job->criterion->id);
	return 0;
}

static int find_scenario(struct job *job, struct err *err)
{
	const struct exercise *exercise = job->exercise;
	const struct scenario *scenario =
		exercise_scenario(exercise, job->finding->scenario);

	if (!scenario)
		return err_set(err, -ENOENT,
			"exercise '%s' has no scenario '%.60s' any more",
			exercise->id, job->finding->scenario);
	job->scenario = (size_t)(scenario - exercise->scenarios);
	return 0;
}

/* PATH from here or, of a class, from a folder that the report is in. */
static char *find_told(const char *report, const char *path)
{
	auto_free char *folder = realpath(report, NULL);
	char *slash;

	while (folder && *path != '/' && access(path, F_OK) < 0 &&
		(slash = strrchr(folder, '/')) != NULL) {
		char *there;

		*slash = '\0';
		there = xasprintf("%s/%s", folder, path);
		if (access(there, F_OK) == 0)
			return there;
		free(there);
	}
	return xstrdup(path);
}

static const char *submission_path(struct job *job)
{
	if (job->arguments.path)
		return job->arguments.path;
	if (!job->told_path)
		job->told_path = find_told(
			job->arguments.report, job->report.submission);
	return job->told_path;
}

/* What the arguments and the report name; 0 or an exit status. */
static int find_all(struct job *job, struct err *err)
{
	const char *name = job->arguments.exercise;
	int r = report_file_read(&job->report, NULL, REPORT_FINDINGS,
		job->arguments.report, err);

	if (!r)
		r = find_finding(job, err);
	if (r)
		return EXIT_USAGE;
	r = catalog_load(
		&job->exercise, name ? name : job->report.exercise, err);
	if (r)
		return r == -ENOENT ? EXIT_USAGE : EXIT_TROUBLE;
	if (find_scenario(job, err))
		return EXIT_USAGE;
	if (submission_read(&job->submission, submission_path(job), err)) {
		if (!job->arguments.path)
			err_context(err, -ENOENT,
				"the report's submission (give its PATH if it "
				"was moved)");
		return EXIT_USAGE;
	}
	job->same_files =
		!strcmp(job->submission.hash, job->report.submission_hash);
	if (job->same_files || job->arguments.force)
		return 0;
	err_set(err, -ESTALE,
		"'%s' is not what the report was made from; check it again, or "
		"use --force to run it as it is",
		submission_path(job));
	return EXIT_NOT_FULL;
}

/* Text of the line that PLACE, "tickets.c:41", names; owned, NULL if none. */
static char *source_line(const struct submission *submission, const char *place)
{
	const char *colon = place ? strrchr(place, ':') : NULL;
	const char *at = NULL;
	struct buf clean = {0};
	long line;

	if (!colon)
		return NULL;
	for (size_t i = 0; i < submission->file_count; i++) {
		const struct source_file *file = &submission->files[i];

		if (strlen(file->name) == (size_t)(colon - place) &&
			!strncmp(file->name, place, strlen(file->name)))
			at = file->data;
	}
	for (line = strtol(colon + 1, NULL, 10); at && line > 1; line--) {
		at = strchr(at, '\n');
		at = at ? at + 1 : NULL;
	}
	if (!at)
		return NULL;
	at += strspn(at, " \t");
	buf_add_clean(&clean, at, strcspn(at, "\r\n"));
	for (size_t i = 0; i < clean.length; i++)
		if (clean.data[i] == '\t')
			clean.data[i] = ' ';
	if (!clean.length)
		buf_release(&clean);
	return clean.length ? buf_detach(&clean) : NULL;
}

static bool is_evidence(const struct finding *finding, uint32_t seq)
{
	for (size_t i = 0; i < finding->event_count; i++)
		if (finding->events[i].seq == seq)
			return true;
	return false;
}

static void fill_events(const struct job *job, const struct observed_run *run,
	struct replay *replay)
{
	const struct trace *trace = run->trace;

	replay->event_count = trace->event_count;
	replay->events =
		xcalloc(trace->event_count + 1, sizeof(*replay->events));
	for (size_t i = 0; i < trace->event_count; i++) {
		struct replay_event *event = &replay->events[i];

		tell_event(run, i, &event->told);
		event->source =
			source_line(&job->submission, event->told.place);
		event->evidence = job->same_trace &&
				  is_evidence(job->finding, event->told.seq);
		if (event->told.task < 0) {
			free(event->told.who);
			event->told.who = NULL;
		}
	}
}

static void fill_switches(const struct observed_run *run, struct replay *replay)
{
	const struct run_outcome *outcome = run->outcome;

	replay->switches =
		xcalloc(outcome->switch_count + 1, sizeof(*replay->switches));
	for (size_t i = 0; i < outcome->switch_count; i++) {
		const struct schedule_switch *made = &outcome->switches[i];
		struct replay_switch *shown =
			&replay->switches[replay->switch_count];

		if (!made->involuntary)
			continue;
		replay->switch_count++;
		shown->position = made->position;
		shown->from = xstrdup(observed_name(run, (int)made->task));
		shown->to = made->to < run->trace->task_count
				    ? xstrdup(observed_name(run, (int)made->to))
				    : NULL;
	}
}

static void show(const struct job *job, const struct observed_run *run)
{
	struct replay replay = {
		.exercise = xstrdup(job->exercise->id),
		.criterion = bilingual_copy(&job->criterion->title),
		.message = bilingual_copy(&job->finding->message),
		.hint = bilingual_copy(&job->finding->hint),
		.command = xstrdup(run->scenario->command),
		.hidden = run->scenario->hidden,
		.found_switches = job->finding->found_switches,
	};
	struct report_style style =
		command_style(STDOUT_FILENO, job->arguments.language);
	struct buf text = {0};

	fill_events(job, run, &replay);
	fill_switches(run, &replay);
	report_replay_write(&text, &replay, job->arguments.all, &style);
	fputs(buf_text(&text), stdout);
	buf_release(&text);
	replay_release(&replay);
}

/* Whether it was the run of the report. */
static int conclude(const struct job *job, const char *hash)
{
	bool zh = job->arguments.language == LANGUAGE_ZH;

	if (job->same_trace) {
		if (!job->arguments.quiet)
			printf(zh ? "\n与报告中的执行逐字节相同"
				    "（轨迹的 SHA-256 %.16s…）\n"
				  : "\nthe same run as in the report, byte for "
				    "byte (trace %.16s...)\n",
				hash);
		return EXIT_FULL_MARKS;
	}
	fflush(stdout);
	fprintf(stderr,
		_("grader: this is not the run of the report: its trace is "
		  "%.16s..., the report's is %.16s...; %s\n"),
		hash, job->finding->trace_hash,
		job->same_files
			? _("the report was made with another compiler, "
			    "another version of the exercise or of grader")
			: _("the submission has changed"));
	return EXIT_NOT_FULL;
}

static int write_trace(
	const struct job *job, const struct trace *trace, struct err *err)
{
	struct buf text = {0};
	int r;

	if (!job->arguments.trace_path)
		return 0;
	trace_json_write(&text, trace, places_find, job->program.places);
	r = atomic_file_write(
		job->arguments.trace_path, text.data, text.length, err);
	buf_release(&text);
	return r;
}

/* Runs the schedule; an exit status. */
static int replay(struct job *job, struct err *err)
{
	const struct finding *finding = job->finding;
	const struct explore_target target = {.jail = job->jail,
		.exercise = job->exercise,
		.program = &job->program};
	auto_free struct schedule_switch *switches = NULL;
	struct explore_schedule schedule = {.seed = finding->seed};
	struct run_outcome outcome = {0};
	struct observed_run run = {.exercise = job->exercise,
		.scenario = &job->exercise->scenarios[job->scenario],
		.outcome = &outcome,
		.trace = &outcome.trace,
		.seed = finding->seed,
		.place = places_find,
		.place_context = job->program.places};
	auto_free char *hash = NULL;
	int status;

	/* the reader of reports has seen to it that both are right */
	schedule.policy =
		(enum schedule_policy)schedule_policy_by_name(finding->policy);
	if (finding->switches)
		switches_read(
			finding->switches, &switches, &schedule.switch_count);
	schedule.switches = switches;
	run.policy = schedule.policy;
	if (explore_replay(&target, job->scenario, &schedule, &outcome, err))
		return command_fail(EXIT_TROUBLE, err);
	observe_run(&run);
	hash = explore_trace_hash(&run);
	job->same_trace = !strcmp(hash, finding->trace_hash);
	if (!job->arguments.quiet)
		show(job, &run);
	status = conclude(job, hash);
	if (write_trace(job, &outcome.trace, err))
		status = command_fail(EXIT_TROUBLE, err);
	observed_run_release(&run);
	run_outcome_release(&outcome);
	return status;
}

static int run(struct job *job)
{
	struct err err = {""};
	int status = find_all(job, &err);

	if (status)
		return command_fail(status, &err);
	if (job->submission.refusal.en) {
		return command_tell(
			EXIT_NOT_FULL, language_pick(&job->submission.refusal,
					       job->arguments.language));
	}
	if (jail_context_new(&job->jail, &err) ||
		compile_submission(
			job->jail, &job->submission, &job->program, &err))
		return command_fail(EXIT_TROUBLE, &err);
	if (!job->program.compile.ok) {
		command_show(stderr, job->program.compile.log);
		return EXIT_NOT_FULL;
	}
	return replay(job, &err);
}

int cmd_replay(int argc, char **argv)
{
	struct job job = {.program = PROGRAM_INIT};
	int status;

	parse_arguments(argc, argv, &job.arguments);
	status = run(&job);
	program_release(&job.program);
	jail_context_free(job.jail);
	submission_release(&job.submission);
	exercise_free(job.exercise);
	verdict_release(&job.report);
	free(job.told_path);
	return status;
}
