/*
 * Runs the attacks of tests/attacks/table, or those whose ID or ID-NAME is
 * given, and judges what came of each.
 *
 *	attacks [--tap=FILE] [--reports=FOLDER] [--times=N] [--jobs=N]
 *		[--verbose] [ATTACK...]
 *
 * The exit status is 0 when all held.
 */
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "grade.h"
#include "jail/jail.h"
#include "table.h"
#include "world.h"

static const struct setting {
	const char *name;
	int column; /* of the table's expectations, or one of these: */
#define NATIVELY (-1)
#define PARALLEL (-2)
	unsigned without;
	bool ordinary;
} SETTINGS[] = {
	{"natively", NATIVELY, 0, true},
	{"full jail, root", 0, 0, false},
	{"full jail, ordinary user", 0, 0, true},
	{"in parallel, root", PARALLEL, 0, false},
	{"in parallel, ordinary user", PARALLEL, 0, true},
	{"no namespaces, root", 1, 1u << JAIL_USER_NAMESPACE, false},
	{"no namespaces, ordinary user", 1, 1u << JAIL_USER_NAMESPACE, true},
};

#define SETTING_COUNT (sizeof(SETTINGS) / sizeof(SETTINGS[0]))

struct options {
	const char *folder, *reports;
	FILE *tap;
	char **wanted; /* NULL-terminated; none = all */
	int times, jobs;
	bool verbose;
};

struct trial {
	const struct grading *grading;
	const struct subject *subject;
	const struct setting *setting;
	char *report; /* its name */
};

struct tally {
	int number, passed, failed;
};

static bool is_wanted(const struct options *options, const struct attack *row)
{
	auto_free char *full = xasprintf("%s-%s", row->id, row->name);

	if (!options->wanted[0])
		return true;
	for (char **wanted = options->wanted; *wanted; wanted++)
		if (!fnmatch(*wanted, row->id, 0) || !fnmatch(*wanted, full, 0))
			return true;
	return false;
}

static int work(void *context, struct buf *facts)
{
	const struct trial *trial = context;

	if (trial->setting->column == NATIVELY)
		run_natively(trial->subject, facts);
	else if (trial->setting->column == PARALLEL)
		run_in_parallel(trial->grading, trial->subject, facts);
	else
		grade_in_jail(trial->grading, trial->subject,
			trial->setting->without, trial->report, facts);
	return 0;
}

/* A native attack may well reach the bystander. */
static bool try_once(
	const struct trial *trial, const struct attack *row, struct buf *facts)
{
	const struct setting *setting = trial->setting;
	uid_t user = setting->ordinary ? world_user() : 0;
	const char *expected = setting->column == NATIVELY ? row->natively
			       : setting->column == PARALLEL
				       ? ""
				       : row->expected[setting->column];
	struct buf trouble = {0};
	bool held;
	int r;

	/* natively the attack alone gives up root */
	r = world_run(setting->column == NATIVELY ? 0 : user, user, work,
		(void *)(uintptr_t)trial, facts, &trouble);
	if (setting->column == NATIVELY) {
		buf_add(facts, trouble.data, trouble.length);
		buf_clear(&trouble);
	}
	held = !trouble.length && (r == 0 || setting->column == NATIVELY) &&
	       !strstr(buf_text(facts), "TROUBLE: ");
	held &= expect_holds(expected, buf_text(facts), &trouble);
	if (!held)
		buf_add(facts, trouble.data, trouble.length);
	buf_release(&trouble);
	return held;
}

/* One test: what came of it and, after a failure, why.  Read by merge(). */
static void tell(const struct options *options, const struct attack *row,
	const struct setting *setting, bool held, const char *facts)
{
	printf("%s %s %s: %s\n", held ? "ok" : "not ok", row->id, row->name,
		setting->name);
	for (const char *end; (!held || options->verbose) && *facts;
		facts = end + (*end == '\n')) {
		end = strchrnul(facts, '\n');
		printf("# %.*s\n", (int)(end - facts), facts);
	}
	fflush(stdout);
}

/*
 * The other groups ask the compiler, the filter, which is another one there,
 * or what a schedule alone promises.
 */
#define IN_PARALLEL "RFNPI"

/* Natively as root only: whoever looks on must not be hurt. */
static bool applies(const struct attack *row, const struct setting *setting)
{
	if (setting->column == NATIVELY)
		return *row->natively && getuid() == 0;
	if (setting->column == PARALLEL)
		return strchr(IN_PARALLEL, row->id[0]) &&
		       (setting->ordinary || getuid() == 0);
	return !row->is_left_out[setting->column] &&
	       (setting->ordinary || getuid() == 0);
}

/* Who wrote them may have been another user. */
static void empty_folder(const char *path)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;

	while (folder && (entry = readdir(folder)))
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(folder), entry->d_name, 0);
	if (folder)
		closedir(folder);
}

static void run_row(const struct options *options,
	const struct grading *grading, const struct attack *row)
{
	auto_free char *name = xasprintf("%s-%s", row->id, row->name);
	struct subject subject;

	subject_load(&subject, grading, name);
	for (size_t i = 0; i < SETTING_COUNT; i++) {
		const struct setting *setting = &SETTINGS[i];
		struct trial trial = {grading, &subject, setting, NULL};
		struct buf facts = {0};
		bool held;

		if (!applies(row, setting))
			continue;
		trial.report = xasprintf("%s-%zu.json", name, i);
		held = try_once(&trial, row, &facts);
		tell(options, row, setting, held, buf_text(&facts));
		free(trial.report);
		buf_release(&facts);
	}
	subject_release(&subject);
}

static void parse(int argc, char **argv, struct options *options)
{
	static const struct option longs[] = {
		{"tap", required_argument, NULL, 't'},
		{"folder", required_argument, NULL, 'f'},
		{"reports", required_argument, NULL, 'r'},
		{"times", required_argument, NULL, 'n'},
		{"jobs", required_argument, NULL, 'j'},
		{"verbose", no_argument, NULL, 'v'},
		{0},
	};
	int c;

	*options = (struct options){.folder = "tests/attacks",
		.reports = "build/attacks",
		.times = 1,
		.jobs = 2};
	while ((c = getopt_long(argc, argv, "v", longs, NULL)) != -1) {
		switch (c) {
		case 't':
			options->tap = fopen(optarg, "we");
			if (!options->tap)
				err(1, "%s", optarg);
			break;
		case 'f':
			options->folder = optarg;
			break;
		case 'r':
			options->reports = optarg;
			break;
		case 'n':
			options->times = atoi(optarg);
			break;
		case 'j':
			options->jobs = atoi(optarg);
			break;
		case 'v':
			options->verbose = true;
			break;
		default:
			exit(2);
		}
	}
	if (options->times < 1 || options->jobs < 1)
		errx(2, "--times and --jobs take numbers from 1 on");
	options->wanted = argv + optind;
}

/* All reports at once by the schema; a new interpreter is slow. */
static bool reports_are_valid(const struct options *options)
{
	auto_free char *command = xasprintf(
		"find '%s' -name '*.json' -printf '-i %%p\\n' | xargs "
		"/usr/bin/python3 -W ignore -m jsonschema "
		"grader/report/report.schema.json >&2",
		options->reports);

	return system(command) == 0;
}

/* Every COUNTth attack, in a process of its own; its tests go to TO. */
static pid_t start_share(const struct options *options,
	const struct table *table, int number, int to)
{
	struct grading grading;
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	if (dup2(to, STDOUT_FILENO) < 0)
		err(1, "pipe");
	world_share(number);
	grading_begin(&grading, options->folder, options->reports);
	for (int n = 0; n < options->times; n++)
		for (size_t i = 0; i < table->count; i++)
			if ((int)(i % (size_t)options->jobs) == number &&
				is_wanted(options, &table->attacks[i]))
				run_row(options, &grading, &table->attacks[i]);
	grading_end(&grading);
	fflush(stdout);
	_exit(0);
}

/* A line of a share: numbered here, for both outputs. */
static void merge_line(
	const struct options *options, struct tally *tally, const char *line)
{
	FILE *to[] = {stdout, options->tap};
	bool passed = !strncmp(line, "ok ", 3);
	bool is_test = passed || !strncmp(line, "not ok ", 7);

	tally->number += is_test;
	tally->passed += passed;
	tally->failed += is_test && !passed;
	for (size_t i = 0; i < 2; i++) {
		if (to[i] && is_test)
			fprintf(to[i], "%sok %d - %s", passed ? "" : "not ",
				tally->number, line + (passed ? 3 : 7));
		else if (to[i])
			fputs(line, to[i]);
	}
}

/* What the shares say, a test at a time, so that each is whole. */
static void merge(const struct options *options, struct tally *tally,
	FILE **shares, struct pollfd *ready)
{
	char *line = NULL;
	size_t size = 0;
	int open = options->jobs;

	while (open > 0 && poll(ready, (nfds_t)options->jobs, -1) > 0) {
		for (int i = 0; i < options->jobs; i++) {
			if (!ready[i].revents)
				continue;
			if (getline(&line, &size, shares[i]) > 0) {
				merge_line(options, tally, line);
				continue;
			}
			ready[i].fd = -1;
			open--;
		}
		fflush(stdout);
	}
	free(line);
}

static void run_shares(const struct options *options, const struct table *table,
	struct tally *tally)
{
	FILE **shares = xcalloc((size_t)options->jobs, sizeof(FILE *));
	struct pollfd *ready = xcalloc((size_t)options->jobs, sizeof(*ready));
	int ends[2], status;

	fflush(NULL);
	for (int i = 0; i < options->jobs; i++) {
		if (pipe2(ends, O_CLOEXEC) ||
			start_share(options, table, i, ends[1]) < 0)
			err(1, "share");
		close(ends[1]);
		shares[i] = fdopen(ends[0], "r");
		/* what was read ahead would not be polled */
		setvbuf(shares[i], NULL, _IONBF, 0);
		ready[i] = (struct pollfd){ends[0], POLLIN, 0};
	}
	merge(options, tally, shares, ready);
	for (int i = 0; i < options->jobs; i++)
		fclose(shares[i]);
	while (wait(&status) > 0)
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
			merge_line(options, tally, "not ok runner: ended\n");
	free(ready);
	free(shares);
}

static int finish(const struct options *options, struct tally *tally)
{
	merge_line(options, tally,
		reports_are_valid(options)
			? "ok all reports are valid by the schema\n"
			: "not ok all reports are valid by the schema\n");
	if (options->tap) {
		fprintf(options->tap, "1..%d\n", tally->number);
		fclose(options->tap);
	}
	printf("%d passed, %d failed\n", tally->passed, tally->failed);
	return tally->failed > 0;
}

int main(int argc, char **argv)
{
	struct tally tally = {0};
	struct options options;
	struct table table;
	auto_free char *path = NULL;
	int status, error = world_try();

	parse(argc, argv, &options);
	if (error) {
		if (getenv("GRADER_MUST_WORK"))
			errx(1, "namespaces: %s", strerror(error));
		printf("1..0 # skip namespaces: %s\n", strerror(error));
		return 0;
	}
	path = xasprintf("%s/table", options.folder);
	table_read(&table, path);
	mkdir(options.reports, 0777);
	chmod(options.reports, 0777); /* graders of ordinary users write too */
	empty_folder(options.reports);
	run_shares(&options, &table, &tally);
	status = finish(&options, &tally);
	table_release(&table);
	return status;
}
