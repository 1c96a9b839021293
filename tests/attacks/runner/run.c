/*
 * Runs the attacks of tests/attacks/table, or those whose ID or ID-NAME is
 * given, and judges what came of each.
 *
 *	attacks [--tap=FILE] [--reports=FOLDER] [--times=N] [ATTACK...]
 *
 * The exit status is 0 when all held.
 */
#include <err.h>
#include <fnmatch.h>
#include <getopt.h>
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
	int column; /* of the table's expectations, -1 = natively */
	unsigned without;
	bool ordinary;
} SETTINGS[] = {
	{"natively", -1, 0, true},
	{"full jail, root", 0, 0, false},
	{"full jail, ordinary user", 0, 0, true},
	{"no namespaces, root", 1, 1u << JAIL_USER_NAMESPACE, false},
	{"no namespaces, ordinary user", 1, 1u << JAIL_USER_NAMESPACE, true},
};

#define SETTING_COUNT (sizeof(SETTINGS) / sizeof(SETTINGS[0]))

struct options {
	const char *folder, *reports;
	FILE *tap;
	char **wanted; /* NULL-terminated; none = all */
	int times;
	bool verbose;
};

struct trial {
	const struct grading *grading;
	const struct subject *subject;
	const struct setting *setting;
	char *report; /* its name */
};

struct tally {
	int number, passed, failed, skipped;
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

	if (trial->setting->column < 0)
		run_natively(trial->subject, facts);
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
	uid_t user = setting->ordinary && getuid() == 0 ? WORLD_USER : 0;
	const char *expected = setting->column < 0
				       ? row->natively
				       : row->expected[setting->column];
	struct buf trouble = {0};
	bool held;
	int r;

	r = world_run(user, work, (void *)(uintptr_t)trial, facts, &trouble);
	if (setting->column < 0) {
		buf_add(facts, trouble.data, trouble.length);
		buf_clear(&trouble);
	}
	held = !trouble.length && (r == 0 || setting->column < 0) &&
	       !strstr(buf_text(facts), "TROUBLE: ");
	held &= expect_holds(expected, buf_text(facts), &trouble);
	if (!held)
		buf_add(facts, trouble.data, trouble.length);
	buf_release(&trouble);
	return held;
}

static void tell_lines(FILE *to, const char *text)
{
	for (const char *end; *text; text = end + (*end == '\n')) {
		end = strchrnul(text, '\n');
		fprintf(to, "# %.*s\n", (int)(end - text), text);
	}
}

static void tell(const struct options *options, struct tally *tally,
	const struct attack *row, const struct setting *setting, bool held,
	const char *facts)
{
	FILE *to[] = {stdout, options->tap};

	tally->number++;
	tally->passed += held;
	tally->failed += !held;
	for (size_t i = 0; i < 2; i++) {
		if (!to[i])
			continue;
		fprintf(to[i], "%sok %d - %s %s: %s\n", held ? "" : "not ",
			tally->number, row->id, row->name, setting->name);
		if (!held || (options->verbose && i == 0))
			tell_lines(to[i], facts);
		fflush(to[i]);
	}
}

static void run_row(const struct options *options,
	const struct grading *grading, const struct attack *row,
	struct tally *tally)
{
	auto_free char *name = xasprintf("%s-%s", row->id, row->name);
	struct subject subject;

	subject_load(&subject, grading, name);
	for (size_t i = 0; i < SETTING_COUNT; i++) {
		const struct setting *setting = &SETTINGS[i];
		struct trial trial = {grading, &subject, setting, NULL};
		struct buf facts = {0};
		bool held;

		if ((setting->column < 0 && !*row->natively) ||
			(!setting->ordinary && getuid() != 0))
			continue;
		trial.report = xasprintf("%s-%zu.json", name, i);
		held = try_once(&trial, row, &facts);
		tell(options, tally, row, setting, held, buf_text(&facts));
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
		{"verbose", no_argument, NULL, 'v'},
		{0},
	};
	int c;

	*options = (struct options){.folder = "tests/attacks",
		.reports = "build/attacks",
		.times = 1};
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
		case 'v':
			options->verbose = true;
			break;
		default:
			exit(2);
		}
	}
	options->wanted = argv + optind;
}

/* All reports at once by the schema; a new interpreter is slow. */
static bool reports_are_valid(const struct options *options)
{
	auto_free char *command = xasprintf(
		"find '%s' -name '*.json' -size +0 -printf '-i %%p\\n' | xargs "
		"/usr/bin/python3 -W ignore -m jsonschema "
		"grader/report/report.schema.json",
		options->reports);

	return system(command) == 0;
}

static void finish(const struct options *options, const struct tally *tally)
{
	if (options->tap) {
		fprintf(options->tap, "1..%d\n", tally->number);
		fclose(options->tap);
	}
	printf("%d passed, %d failed\n", tally->passed, tally->failed);
}

int main(int argc, char **argv)
{
	static const struct setting all = {"valid by the schema", 0, 0, false};
	struct attack reports = {
		.id = (char[]){"all"}, .name = (char[]){"reports"}};
	struct tally tally = {0};
	struct options options;
	struct grading grading;
	struct table table;
	auto_free char *path = NULL;

	parse(argc, argv, &options);
	path = xasprintf("%s/table", options.folder);
	table_read(&table, path);
	if (world_try()) {
		if (getenv("GRADER_MUST_WORK"))
			errx(1, "namespaces: %s", strerror(world_try()));
		printf("1..0 # skip namespaces: %s\n", strerror(world_try()));
		return 0;
	}
	mkdir(options.reports, 0777);
	chmod(options.reports, 0777); /* graders of ordinary users write too */
	grading_begin(&grading, options.folder, options.reports);
	for (int n = 0; n < options.times; n++)
		for (size_t i = 0; i < table.count; i++)
			if (is_wanted(&options, &table.attacks[i]))
				run_row(&options, &grading, &table.attacks[i],
					&tally);
	tell(&options, &tally, &reports, &all, reports_are_valid(&options), "");
	finish(&options, &tally);
	grading_end(&grading);
	table_release(&table);
	return tally.failed > 0;
}
