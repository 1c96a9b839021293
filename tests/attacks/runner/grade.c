#include "grade.h"

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "grader/check.h"
#include "grader/report/report.h"
#include "world.h"

#define RESIDENT_KIB_MAX (64 << 10) /* of the grader */
#define PARALLEL_SECONDS_MAX 6.0
#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif
#define NATIVE_OUTPUT_MAX (1 << 16)
#define NATIVE_MS 4000 /* without a word: a busy machine may need long */

void grading_begin(
	struct grading *grading, const char *folder, const char *reports)
{
	struct err error = {""};

	*grading = (struct grading){.folder = folder};
	grading->reports_fd = open(reports, O_DIRECTORY | O_CLOEXEC);
	if (grading->reports_fd < 0)
		err(1, "%s", reports);
	if (exercise_load(&grading->exercise, folder, &error) ||
		jail_context_new(&grading->compiler, &error))
		errx(1, "%s", error.text);
	subject_load(&grading->right, grading, "right");
}

void grading_end(struct grading *grading)
{
	subject_release(&grading->right);
	jail_context_free(grading->compiler);
	exercise_free(grading->exercise);
	close(grading->reports_fd);
}

static int by_name(const void *a, const void *b)
{
	const struct source_file *one = a, *other = b;

	return strcmp(one->name, other->name);
}

/* A single file comes with attack.h, as if the student had handed in both. */
static void add_header(struct submission *submission, const char *folder)
{
	auto_free char *path = xasprintf("%s/attack.h", folder);
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct source_file *file;
	struct buf text = {0};

	if (fd < 0 || buf_read_fd(&text, fd, SUBMISSION_FILE_MAX))
		err(1, "%s", path);
	grow_array(&submission->files, submission->file_count,
		&submission->file_capacity, sizeof(*submission->files));
	file = &submission->files[submission->file_count++];
	file->name = xstrdup("attack.h");
	file->length = text.length;
	file->data = buf_detach(&text);
	qsort(submission->files, submission->file_count,
		sizeof(*submission->files), by_name);
}

static struct exercise *load_exercise(
	const char *folder, const char *name, size_t length)
{
	auto_free char *path =
		xasprintf("%s/exercises/%.*s.json", folder, (int)length, name);
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct exercise *exercise = NULL;
	struct err error = {""};
	struct buf text = {0};

	if (fd < 0)
		return NULL;
	if (buf_read_fd(&text, fd, 1 << 20) ||
		exercise_parse(
			&exercise, buf_text(&text), text.length, path, &error))
		errx(1, "%s: %s", path, error.text);
	buf_release(&text);
	return exercise;
}

void subject_load(struct subject *subject, const struct grading *grading,
	const char *name)
{
	auto_free char *file = xasprintf("%s/%s.c", grading->folder, name);
	auto_free char *folder = xasprintf("%s/%s", grading->folder, name);
	bool is_file = access(file, F_OK) == 0;
	struct err error = {""};

	*subject = (struct subject){.program = PROGRAM_INIT,
		.compiles_inside = *name == 'C' || !strncmp(name, "X5-", 3)};
	if (submission_read(
		    &subject->submission, is_file ? file : folder, &error))
		errx(1, "%s", error.text);
	subject->exercise = load_exercise(grading->folder, name, strlen(name));
	if (!subject->exercise)
		subject->exercise = load_exercise(
			grading->folder, name, strcspn(name, "-"));
	if (!subject->exercise)
		subject->exercise = load_exercise(grading->folder, name, 1);
	if (is_file && !subject->submission.refusal.en)
		add_header(&subject->submission, grading->folder);
	if (subject->compiles_inside || subject->submission.refusal.en)
		return;
	if (compile_submission(grading->compiler, &subject->submission,
		    &subject->program, &error))
		errx(1, "%s: %s", name, error.text);
	if (!subject->program.compile.ok)
		errx(1, "%s: %s", name, subject->program.compile.log);
}

void subject_release(struct subject *subject)
{
	program_release(&subject->program);
	exercise_free(subject->exercise);
	submission_release(&subject->submission);
}

static void add_facts(struct buf *facts, const struct verdict *verdict)
{
	buf_addf(facts, "compile: %s\n", verdict->compile.ok ? "ok" : "failed");
	if (!verdict->compile.ok && verdict->compile.log)
		buf_addf(facts, "gcc: %s\n", verdict->compile.log);
	if (verdict->refusal.en)
		buf_addf(facts, "refusal: %s\n", verdict->refusal.en);
	for (size_t i = 0; i < verdict->criterion_count; i++) {
		const struct criterion *criterion = &verdict->criteria[i];

		buf_addf(facts, "criterion %s: %s\n", criterion->id,
			verdict_state_name(criterion->state));
		for (size_t j = 0; j < criterion->finding_count; j++)
			buf_addf(facts, "finding of %s: %s: %s\n",
				criterion->id, criterion->findings[j].rule,
				criterion->findings[j].message.en);
	}
	for (size_t i = 0; i < verdict->warning_count; i++)
		buf_addf(facts, "note %s: %s\n", verdict->warnings[i].kind,
			verdict->warnings[i].text.en);
	buf_addf(facts, "verdict: %s\n", verdict_state_name(verdict->state));
}

static const struct exercise *exercise_of(
	const struct grading *grading, const struct subject *subject)
{
	return subject->exercise ? subject->exercise : grading->exercise;
}

static void put_report(const struct grading *grading, const char *name,
	const struct verdict *verdict, struct buf *facts)
{
	const struct report_style style = {
		.language = LANGUAGE_ZH, .columns = 80};
	struct buf json = {0}, text = {0};
	int fd;

	if (!name)
		return;
	fd = openat(grading->reports_fd, name,
		O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	report_json_write(&json, verdict, LANGUAGE_ZH);
	report_terminal_write(&text, verdict, &style);
	if (fd < 0 || write(fd, json.data, json.length) != (ssize_t)json.length)
		buf_addf(facts, "TROUBLE: the report: %s\n", strerror(errno));
	if (memchr(text.data, '\033', text.length) ||
		memchr(json.data, '\033', json.length))
		buf_adds(facts, "TROUBLE: an escape sequence in a report\n");
	if (fd >= 0)
		close(fd);
	buf_release(&json);
	buf_release(&text);
}

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

static void fill_verdict(struct verdict *verdict, const struct subject *subject,
	const struct program *program, const struct jail_context *jail)
{
	const struct submission *submission = &subject->submission;

	verdict->submission = xstrdup("attack.c");
	verdict->submission_hash = xstrdup(submission->hash);
	fill_layers(verdict, jail);
	verdict->run.started = xstrdup("2000-01-01T00:00:00Z");
	verdict->run.host = xstrdup("");
	verdict->run.grader_version = xstrdup(GRADER_VERSION);
	verdict->compile.ok = program->compile.ok;
	verdict->compile.log_cut = program->compile.log_cut;
	verdict->compile.command = xstrdup(program->compile.command);
	verdict->compile.log = xstrdup(program->compile.log);
}

/* Tells the refusal, or compiles if that is still to be done and checks. */
static void check(const struct grading *grading, const struct subject *subject,
	const struct jail_context *jail, const char *name, struct buf *facts)
{
	const struct check_options options = {
		.master_seed = 1, .without_references = true};
	const struct program *program = &subject->program;
	struct program compiled = PROGRAM_INIT;
	struct verdict verdict = {0};
	struct err error = {""};
	int r = 0;

	if (subject->submission.refusal.en) {
		buf_addf(facts, "refusal: %s\nverdict: refused\n",
			subject->submission.refusal.en);
		return;
	}
	if (subject->compiles_inside) {
		r = compile_submission(
			jail, &subject->submission, &compiled, &error);
		program = &compiled;
	}
	if (r == 0) {
		fill_verdict(&verdict, subject, program, jail);
		r = check_run(jail, exercise_of(grading, subject),
			verdict.compile.ok ? program : NULL, &options, &verdict,
			&error);
	}
	if (r == 0) {
		add_facts(facts, &verdict);
		put_report(grading, name, &verdict, facts);
	} else {
		buf_addf(facts, "TROUBLE: %s\n", error.text);
	}
	verdict_release(&verdict);
	program_release(&compiled);
}

static size_t count_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	size_t count = 0;

	while (folder && readdir(folder))
		count++;
	if (folder)
		closedir(folder);
	return count;
}

/* The most memory that this process ever had. */
static long resident_kib(void)
{
	struct rusage usage;

	return getrusage(RUSAGE_SELF, &usage) ? -1 : usage.ru_maxrss;
}

static double seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void look_around(struct buf *facts)
{
	struct buf trouble = {0};
	auto_free char *text = NULL;
	char *at, *line;

	world_look(&trouble);
	text = at = xstrdup(buf_text(&trouble));
	while ((line = strsep(&at, "\n")))
		if (*line)
			buf_addf(facts, "TROUBLE: %s\n", line);
	buf_release(&trouble);
}

/* Whatever the attack did, the grader goes on as if nothing had been. */
static void look_behind(const struct grading *grading,
	const struct jail_context *jail, struct buf *facts)
{
	struct buf next = {0};

	look_around(facts);
	check(grading, &grading->right, jail, NULL, &next);
	if (!strstr(buf_text(&next), "verdict: pass\n"))
		buf_addf(facts, "TROUBLE: the next submission fails\n%s",
			buf_text(&next));
	look_around(facts);
	if (resident_kib() > RESIDENT_KIB_MAX)
		buf_adds(facts, "TROUBLE: the grader took much memory\n");
	buf_release(&next);
}

static void note_time(struct buf *facts, double began, double most)
{
	double seconds = seconds_now() - began;

	buf_addf(facts, "time: %.2f s, grader: %ld MiB\n", seconds,
		resident_kib() >> 10);
	if (seconds > most)
		buf_adds(facts, "TROUBLE: it took too long\n");
}

/* What its exercise allows may be used up, in the few runs that there are. */
static double seconds_allowed(
	const struct grading *grading, const struct subject *subject)
{
	const struct exercise *exercise = exercise_of(grading, subject);

	return 2 + 1.5 * (double)exercise->scenarios[0].limits.wall_us / 1e6;
}

void grade_in_jail(const struct grading *grading, const struct subject *subject,
	unsigned without, const char *name, struct buf *facts)
{
	struct jail_context *jail;
	struct err error = {""};
	size_t descriptors;
	double began;

	if (jail_context_new_without(without, &jail, &error)) {
		buf_addf(facts, "TROUBLE: %s\n", error.text);
		return;
	}
	descriptors = count_descriptors();
	began = seconds_now();
	check(grading, subject, jail, name, facts);
	note_time(facts, began, seconds_allowed(grading, subject));
	look_behind(grading, jail, facts);
	if (count_descriptors() != descriptors)
		buf_adds(facts, "TROUBLE: descriptors were left open\n");
	jail_context_free(jail);
}

static void tell_parallel(const struct run_outcome *outcome, struct buf *facts)
{
	const struct trace *trace = &outcome->trace;

	for (size_t i = 0; i < trace->event_count; i++) {
		const char *text = trace->events[i].text;

		if (trace->events[i].kind == EVENT_OUTPUT && text &&
			!strncmp(text, "LEAK", 4))
			buf_addf(facts, "TROUBLE: %s\n", text);
	}
	buf_addf(facts, "parallel: %s\n",
		outcome->limit  ? outcome->limit
		: outcome->call ? outcome->call
				: "ended");
}

void run_in_parallel(const struct grading *grading,
	const struct subject *subject, struct buf *facts)
{
	const struct exercise *exercise = exercise_of(grading, subject);
	const struct scenario *scenario = &exercise->scenarios[0];
	const struct run_spec spec = {
		.program_fd = subject->program.plain_fd,
		.argv = (const char *const *)scenario->argv,
		.files = scenario->files,
		.file_count = scenario->file_count,
		.limits = scenario->limits,
		.allow_unix_sockets = exercise->allow_unix_sockets,
	};
	struct run_outcome outcome = {0};
	struct jail_context *jail;
	struct err error = {""};
	double began;
	int r;

	if (jail_context_new(&jail, &error)) {
		buf_addf(facts, "TROUBLE: %s\n", error.text);
		return;
	}
	began = seconds_now();
	r = run_parallel(jail, &spec, &outcome, &error);
	if (r)
		buf_addf(facts, "TROUBLE: %s\n", error.text);
	else
		tell_parallel(&outcome, facts);
	note_time(facts, began, PARALLEL_SECONDS_MAX);
	run_outcome_release(&outcome);
	look_behind(grading, jail, facts);
	jail_context_free(jail);
}

static void limit(int resource, rlim_t most)
{
	const struct rlimit limits = {most, most};

	setrlimit(resource, &limits);
}

/* Of its own, since what is not in a jail may write to it. */
static int copy_of(int program_fd)
{
	int copy = memfd_create("attack", 0);
	struct stat status;
	off_t at = 0;

	if (copy < 0 || fstat(program_fd, &status))
		_exit(127);
	while (at < status.st_size)
		if (sendfile(copy, program_fd, &at,
			    (size_t)(status.st_size - at)) <= 0)
			_exit(127);
	return copy;
}

static void execute(int program_fd, int out)
{
	int copy = copy_of(program_fd);
	char name[] = "./attack", argument[] = "now";
	char path[64], *argv[] = {name, argument, NULL};

	limit(RLIMIT_NPROC, 200);
	limit(RLIMIT_AS, 512 << 20);
	limit(RLIMIT_CPU, 2);
	limit(RLIMIT_FSIZE, 64 << 20);
	limit(RLIMIT_NOFILE, 256);
	if (chdir("/tmp") || dup2(out, STDOUT_FILENO) < 0)
		_exit(127);
	setsid();
	/* read-only: a program that is open for writing cannot be run */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", copy);
	program_fd = open(path, O_RDONLY);
	close(copy);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", program_fd);
	/* nothing of ours, and of who started us: the attack writes to all */
	syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC);
	execv(path, argv);
	_exit(127);
}

/* A parent that an attack may trace, stop and kill in the grader's stead. */
static void stand_between(int program_fd, int out)
{
	pid_t pid;

	world_become_ordinary();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	pid = fork();
	if (pid == 0)
		execute(program_fd, out);
	close(out);
	waitpid(pid, NULL, 0);
	_exit(0);
}

void run_natively(const struct subject *subject, struct buf *facts)
{
	struct pollfd ready = {.events = POLLIN};
	char part[4096];
	ssize_t n;
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return;
	pid = fork();
	if (pid == 0)
		stand_between(subject->program.plain_fd, ends[1]);
	close(ends[1]);
	if (pid < 0)
		return;
	ready.fd = ends[0];
	/* what it leaves behind ends with the world */
	while (facts->length < NATIVE_OUTPUT_MAX &&
		poll(&ready, 1, NATIVE_MS) == 1 &&
		(n = read(ends[0], part, sizeof(part))) > 0)
		buf_add(facts, part, (size_t)n);
	close(ends[0]);
}
