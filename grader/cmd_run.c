/*
 * grader run: any C program under the engine, without an exercise: its
 * output as it came, then what it really did.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "grader/account.h"
#include "grader/atomic_file.h"
#include "grader/command.h"
#include "grader/compile.h"
#include "grader/explore.h"
#include "grader/language.h"
#include "grader/notes.h"
#include "grader/outcomes.h"
#include "grader/program_name.h"
#include "grader/report/terminal.h"
#include "grader/shown.h"
#include "grader/submission.h"
#include "grader/suggest.h"
#include "grader/transcript.h"
#include "trace/trace_json.h"

#define FILES_MAX 16
#define LIMIT_RUNS 2 /* seconds each: more of them tell nothing new */
#define FILE_MAX (1u << 20)

struct arguments {
	const char *path, *trace_path;
	const char *files[FILES_MAX];
	size_t file_count;
	enum language language;
	enum schedule_policy policy;
	bool policy_given, seed_given, pipe, who, quiet;
	uint64_t seed;
	size_t schedules;
	char **program; /* arguments of the program, NULL-terminated */
};

/* All that one command holds; released together. */
struct job {
	struct arguments arguments;
	struct submission submission;
	struct jail_context *jail;
	struct program program;
	struct buf input;
	struct run_file files[FILES_MAX];
	char **argv; /* of the program */
	/* the first run, which the summary is about */
	struct run_outcome first;
	struct account account;
	struct outcomes outcomes;
	struct schedule_profile profile;
	bool learnt;
	bool progress_shown;
	size_t limit_runs; /* that a limit ended */
};

static enum schedule_policy parse_policy(
	const char *text, struct argp_state *state)
{
	const char *names[SCHEDULE_POLICY_COUNT], *near;
	int policy = schedule_policy_by_name(text);

	if (policy >= 0)
		return (enum schedule_policy)policy;
	for (int i = 0; i < SCHEDULE_POLICY_COUNT; i++)
		names[i] = schedule_policy_name((enum schedule_policy)i);
	near = suggest(text, names, SCHEDULE_POLICY_COUNT);
	if (near)
		argp_error(state, "there is no policy '%s'; did you mean '%s'?",
			text, near);
	argp_error(state, "there is no policy '%s'", text);
	return SCHEDULE_RANDOM;
}

static error_t parse_positional(
	char *text, struct argp_state *state, struct arguments *arguments)
{
	if (state->arg_num > 0)
		argp_error(state,
			"one PATH only, not '%s' too; files that belong "
			"together go into a folder, arguments of the program "
			"behind --, as in: grader run %s -- %s",
			text, arguments->path, text);
	arguments->path = text;
	return 0;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 's':
		arguments->seed = command_number("--seed", text, 0, UINT64_MAX);
		arguments->seed_given = true;
		return 0;
	case 'p':
		arguments->policy = parse_policy(text, state);
		arguments->policy_given = true;
		return 0;
	case 'n':
		arguments->schedules =
			command_number("--schedules", text, 1, 1000000);
		return 0;
	case 't':
		arguments->trace_path = text;
		return 0;
	case 'f':
		if (arguments->file_count == FILES_MAX)
			argp_error(state, "at most %d files", FILES_MAX);
		else
			arguments->files[arguments->file_count++] = text;
		return 0;
	case 'b':
		arguments->pipe = true;
		return 0;
	case 'w':
		arguments->who = true;
		return 0;
	case 'q':
		arguments->quiet = true;
		return 0;
	case 'l':
		if (language_by_name(text, &arguments->language))
			argp_error(state, "--lang takes zh or en");
		return 0;
	case ARGP_KEY_ARG:
		return parse_positional(text, state, arguments);
	case ARGP_KEY_END:
		if (!arguments->path)
			argp_error(state, "needs PATH, as in: grader run "
					  "hello.c");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* What stands behind the first "--" is the program's and no option of ours. */
static void parse_arguments(int argc, char **argv, struct arguments *arguments)
{
	static const struct argp_option options[] = {
		{"seed", 's', "N", 0,
			N_("seed of the schedule; of all, with --schedules "
			   "(default 1)"),
			0},
		{"policy", 'p', "NAME", 0,
			N_("scheduling policy (default: random with --seed, "
			   "else run-to-block)"),
			0},
		{"schedules", 'n', "N", 0,
			N_("run N different schedules and tell which results "
			   "they had"),
			0},
		{"trace", 't', "FILE", 0,
			N_("write the trace of the first schedule to FILE, see "
			   "grader-trace(5)"),
			0},
		{"file", 'f', "FILE", 0,
			N_("put a copy of FILE into the program's folder; may "
			   "be given again"),
			0},
		{"pipe", 'b', NULL, 0,
			N_("standard output is a pipe, not a terminal, to the "
			   "program: stdio then writes late"),
			0},
		{"who", 'w', NULL, 0,
			N_("begin each line with its time and its process"), 0},
		{"lang", 'l', "zh|en", 0, N_("language of the summary"), 0},
		{"quiet", 'q', NULL, 0, N_("the program's output only"), 0},
		{0},
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "PATH [-- ARGUMENT...]",
		.doc = N_("Runs PATH, a .c file, a folder of .c and .h files, "
			  "or an archive of either (zip, tar.gz and others), "
			  "in the sandbox and tells what it did. Its output "
			  "comes first, on the same streams; the summary is "
			  "written on standard error. Standard input is passed "
			  "on, up to 1 MiB, unless it is a terminal.\n\nExit "
			  "status: 0 the program ended with 0 and nothing went "
			  "wrong, 1 it did not, or did not compile, 2 wrong "
			  "use, 3 trouble of the grader."),
	};
	int count = argc;

	for (int i = 1; i < argc && count == argc; i++)
		if (!strcmp(argv[i], "--"))
			count = i;
	arguments->program = argv + (count < argc ? count + 1 : argc);
	argv[count] = NULL;
	arguments->language = language_default();
	arguments->schedules = 1;
	arguments->seed = 1;
	command_parse(&argp, count, argv, arguments);
}

/* Standard input of the program; 0 or an exit status. */
static int read_input(struct job *job)
{
	struct err err = {""};
	int r;

	if (isatty(STDIN_FILENO))
		return 0;
	r = buf_read_fd(&job->input, STDIN_FILENO, RUN_STDIN_MAX);
	if (r == -EBADF)
		return 0;
	if (r == -EFBIG)
		err_set(&err, r, "standard input is more than 1 MiB");
	else if (r)
		err_errno(&err, r, "cannot read standard input");
	return r ? command_fail(EXIT_USAGE, &err) : 0;
}

/* A copy of the regular file at PATH.  0 or a negative errno. */
static int read_file(struct run_file *file, const char *path, struct err *err)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	const char *slash = strrchr(path, '/');
	struct buf content = {0};
	struct stat status;
	int r;

	if (fd < 0 || fstat(fd, &status) < 0)
		return err_errno(err, -errno, "'%s'", path);
	if (!S_ISREG(status.st_mode))
		return err_set(
			err, -EINVAL, "'%s' is not a regular file", path);
	r = buf_read_fd(&content, fd, FILE_MAX);
	if (r == -EFBIG)
		return err_set(err, r, "'%s' is more than 1 MiB", path);
	if (r)
		return err_errno(err, r, "'%s'", path);
	file->name = xstrdup(slash ? slash + 1 : path);
	file->length = content.length;
	file->data = content.data ? buf_detach(&content) : xstrdup("");
	return 0;
}

static int read_files(struct job *job)
{
	const struct arguments *arguments = &job->arguments;
	struct err err = {""};

	for (size_t i = 0; i < arguments->file_count; i++) {
		struct run_file *file = &job->files[i];

		if (read_file(file, arguments->files[i], &err))
			return command_fail(EXIT_USAGE, &err);
		for (size_t j = 0; j < i; j++)
			if (!strcmp(job->files[j].name, file->name)) {
				err_set(&err, -EEXIST,
					"two files are called '%s'",
					file->name);
				return command_fail(EXIT_USAGE, &err);
			}
		if (!strcmp(job->argv[0] + 2, file->name)) {
			err_set(&err, -EEXIST,
				"'%s' is the name of the program there",
				file->name);
			return command_fail(EXIT_USAGE, &err);
		}
	}
	return 0;
}

/* "./hello" and the arguments. */
static void make_argv(struct job *job)
{
	auto_free char *name = program_name(job->arguments.path);
	size_t count = 0;

	while (job->arguments.program[count])
		count++;
	job->argv = xcalloc(count + 2, sizeof(*job->argv));
	job->argv[0] = xasprintf("./%s", name);
	for (size_t i = 0; i < count; i++)
		job->argv[i + 1] = xstrdup(job->arguments.program[i]);
}

/* Everything that must be there before the run; 0 or an exit status. */
static int prepare(struct job *job)
{
	const struct arguments *arguments = &job->arguments;
	struct err err = {""};
	int status;

	if (submission_read(&job->submission, arguments->path, &err))
		return command_fail(EXIT_USAGE, &err);
	if (job->submission.refusal.en) {
		return command_tell(
			EXIT_NOT_FULL, language_pick(&job->submission.refusal,
					       arguments->language));
	}
	make_argv(job);
	status = read_files(job);
	if (status)
		return status;
	if (arguments->trace_path &&
		atomic_file_try(arguments->trace_path, &err))
		return command_fail(EXIT_TROUBLE, &err);
	status = read_input(job);
	if (status)
		return status;
	command_catch_signals();
	if (jail_context_new(&job->jail, &err))
		return command_fail(EXIT_TROUBLE, &err);
	return 0;
}

/* 0, or an exit status with gcc's words shown. */
static int compile(struct job *job)
{
	struct report_style style =
		command_style(STDERR_FILENO, job->arguments.language);
	const struct verdict_compile *made = &job->program.compile;
	struct buf text = {0};
	struct err err = {""};

	if (compile_submission(
		    job->jail, &job->submission, &job->program, &err))
		return command_fail(EXIT_TROUBLE, &err);
	if (!job->arguments.quiet || !made->ok)
		terminal_write_log(&text, made, &style);
	terminal_finish(&text, 0, &style);
	if (text.length)
		/* it begins a section, and here nothing stands above it */
		fprintf(stderr, "%s%s", buf_text(&text) + 1,
			made->ok ? "\n" : "");
	buf_release(&text);
	return made->ok ? 0 : EXIT_NOT_FULL;
}

static const struct scenario no_scenario;

static void choose(const struct job *job, size_t index,
	enum schedule_policy *policy, uint64_t *seed)
{
	const struct arguments *arguments = &job->arguments;

	if (arguments->schedules > 1) {
		*policy = explore_policy(&no_scenario, index);
		*seed = explore_marked_seed(arguments->seed, &no_scenario, 0,
			index, notes_have(&job->account.notes, "race"));
	} else {
		*policy = arguments->seed_given ? SCHEDULE_RANDOM
						: SCHEDULE_RUN_TO_BLOCK;
		*seed = arguments->seed;
	}
	if (arguments->policy_given)
		*policy = arguments->policy;
}

static void print(void *context, enum transcript_stream stream,
	const char *text, size_t length)
{
	FILE *to = stream == TRANSCRIPT_STDOUT ? stdout : stderr;
	FILE *other = stream == TRANSCRIPT_STDOUT ? stderr : stdout;

	struct buf shown = {0};

	(void)context;
	if (shown_to_server())
		shown_add(&shown, text, length, NULL);
	else
		buf_add(&shown, text, length);
	/* both may be one terminal: the order stays */
	fflush(other);
	fwrite(buf_text(&shown), 1, shown.length, to);
	buf_release(&shown);
}

static int write_trace(const struct job *job, struct err *err)
{
	struct buf text = {0};
	int r;

	trace_json_write(
		&text, &job->first.trace, places_find, job->program.places);
	r = atomic_file_write(
		job->arguments.trace_path, text.data, text.length, err);
	buf_release(&text);
	return r;
}

static void show_progress(struct job *job, size_t done)
{
	if (job->arguments.schedules < 2 || job->arguments.quiet ||
		!isatty(STDERR_FILENO))
		return;
	fprintf(stderr, "\r\033[K%zu/%zu", done, job->arguments.schedules);
	job->progress_shown = true;
}

static void clear_progress(struct job *job)
{
	if (job->progress_shown)
		fputs("\r\033[K", stderr);
	job->progress_shown = false;
}

/* Do standard output and standard error go to one and the same place? */
static bool is_one_stream(void)
{
	struct stat out, err;

	return !fstat(STDOUT_FILENO, &out) && !fstat(STDERR_FILENO, &err) &&
	       out.st_dev == err.st_dev && out.st_ino == err.st_ino;
}

/* Takes the first run over; what it printed is shown at once. */
static int keep_first(struct job *job, const struct observed_run *run,
	struct run_outcome *outcome, struct account *account, struct err *err)
{
	bool open = transcript_write(run, job->arguments.who, print, NULL);

	fflush(stdout);
	if (open && is_one_stream())
		fputc('\n', stderr);
	job->first = *outcome;
	job->account = *account;
	memset(outcome, 0, sizeof(*outcome));
	memset(account, 0, sizeof(*account));
	return job->arguments.trace_path ? write_trace(job, err) : 0;
}

/* The profile, for the first schedule whose policy goes by it. */
static int learn(struct job *job, struct run_spec *spec, struct err *err)
{
	int r = 0;

	spec->early_clock = spec->policy == SCHEDULE_EARLY_CLOCK;
	if (!job->learnt &&
		(schedule_policy_needs(spec->policy) & POLICY_PROFILE)) {
		job->learnt = true;
		r = explore_profile(
			job->jail, &job->program, spec, &job->profile, err);
	}
	spec->profile = &job->profile;
	return r;
}

static int run_schedule(struct job *job, size_t index, struct err *err)
{
	static const struct exercise no_exercise;
	const struct arguments *arguments = &job->arguments;
	struct run_spec spec = {
		.argv = (const char *const *)job->argv,
		.stdin_data = job->input.data,
		.stdin_length = job->input.length,
		.stdout_kind =
			arguments->pipe ? RUN_STDOUT_PIPE : RUN_STDOUT_TERMINAL,
		.files = job->files,
		.file_count = arguments->file_count,
		.allow_unix_sockets = true,
	};
	struct run_outcome outcome = {0};
	struct account account = {0};
	struct observed_run run = {
		.exercise = &no_exercise,
		.scenario = &no_scenario,
		.outcome = &outcome,
		.trace = &outcome.trace,
		.schedule = index,
		.place = job->program.places ? places_find : NULL,
		.place_context = job->program.places,
	};
	int r;

	choose(job, index, &spec.policy, &spec.seed);
	run.policy = spec.policy;
	run.seed = spec.seed;
	r = learn(job, &spec, err);
	if (r)
		return r;
	r = explore_program(job->jail, &job->program, &spec, &outcome, err);
	if (r)
		return r;
	observe_run(&run);
	account_make(&account, &run);
	outcomes_add(&job->outcomes, &run, &account);
	job->limit_runs += outcome.end == RUN_END_LIMIT;
	if (index == 0)
		r = keep_first(job, &run, &outcome, &account, err);
	else
		account_add_races(&job->account, &account);
	account_release(&account);
	observed_run_release(&run);
	run_outcome_release(&outcome);
	return r;
}

/* 0 or an exit status with the message printed. */
static int run_schedules(struct job *job)
{
	struct err err = {""};

	for (size_t i = 0;
		i < job->arguments.schedules && job->limit_runs < LIMIT_RUNS;
		i++) {
		int r = run_schedule(job, i, &err);

		if (command_interrupted()) {
			clear_progress(job);
			fputs(_("grader: interrupted\n"), stderr);
			return command_interrupted();
		}
		if (r)
			return command_fail(EXIT_TROUBLE, &err);
		show_progress(job, i + 1);
	}
	clear_progress(job);
	outcomes_settle(&job->outcomes);
	return 0;
}

static void print_summary(struct job *job)
{
	const struct arguments *arguments = &job->arguments;
	struct report_style style =
		command_style(STDERR_FILENO, arguments->language);
	const char *options[2 * FILES_MAX + 1];
	struct run_call call = {
		.path = arguments->path,
		.options = options,
		.arguments = (const char *const *)arguments->program,
		.has_input = job->input.length > 0,
	};
	struct run_summary summary = {
		.call = &call,
		.account = &job->account,
		.outcome = &job->first,
		.outcomes = arguments->schedules > 1 ? &job->outcomes : NULL,
		.schedules = arguments->schedules,
	};
	struct buf text = {0};

	if (arguments->pipe)
		options[call.option_count++] = "--pipe";
	for (size_t i = 0; i < arguments->file_count; i++) {
		options[call.option_count++] = "--file";
		options[call.option_count++] = arguments->files[i];
	}
	report_run_write(&text, &summary, &style);
	fputs(buf_text(&text), stderr);
	buf_release(&text);
}

static void release(struct job *job)
{
	for (size_t i = 0; i < FILES_MAX; i++) {
		free(job->files[i].name);
		free(job->files[i].data);
	}
	for (size_t i = 0; job->argv && job->argv[i]; i++)
		free(job->argv[i]);
	free(job->argv);
	outcomes_release(&job->outcomes);
	schedule_profile_release(&job->profile);
	account_release(&job->account);
	run_outcome_release(&job->first);
	buf_release(&job->input);
	program_release(&job->program);
	jail_context_free(job->jail);
	submission_release(&job->submission);
}

int cmd_run(int argc, char **argv)
{
	struct job job = {.program = PROGRAM_INIT};
	int status;

	parse_arguments(argc, argv, &job.arguments);
	status = prepare(&job);
	if (!status)
		status = compile(&job);
	if (!status)
		status = run_schedules(&job);
	if (!status && !job.arguments.quiet)
		print_summary(&job);
	if (!status && job.outcomes.failed > 0)
		status = EXIT_NOT_FULL;
	release(&job);
	return status;
}
