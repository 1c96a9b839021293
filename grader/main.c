/*
 * grader: the command line.  One table row a command; main() finds the row,
 * or says which one was probably meant.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/command.h"
#include "grader/suggest.h"
#include "grader/translation.h"

static int cmd_help(int argc, char **argv);

const struct command COMMANDS[] = {
	{"list", "", N_("show the exercises"), cmd_list},
	{"check", "EXERCISE PATH", N_("grade a submission"), cmd_check},
	{"batch", "SUBMISSIONS -e EXERCISE -o FOLDER", N_("grade a class"),
		cmd_batch},
	{"merge", "FOLDER SHARD...", N_("put the shards of a class together"),
		cmd_merge},
	{"regrade", "FOLDER",
		N_("grade a class again and show what would change"),
		cmd_regrade},
	{"similar", "SUBMISSIONS -e EXERCISE",
		N_("list submissions that are suspiciously alike"),
		cmd_similar},
	{"gradebook", "FOLDER [FILE.csv]",
		N_("enter the grades of a class into a platform's table"),
		cmd_gradebook},
	{"ci", "[FOLDER]", N_("grade what a repository's grader.json names"),
		cmd_ci},
	{"run", "PATH [-- ARGUMENT...]",
		N_("run any C program and tell what it did"), cmd_run},
	{"trace", "EXERCISE PATH --scenario S --seed N",
		N_("run one schedule and print its trace"), cmd_trace},
	{"replay", "REPORT [CRITERION [PATH]]",
		N_("show the failing schedule of a finding step by step"),
		cmd_replay},
	{"explain", "REPORT [CRITERION]",
		N_("explain a failure step by step, with its diagram"),
		cmd_explain},
	{"report", "REPORT",
		N_("write a report in other forms, such as a page"),
		cmd_report},
	{"mark", "REPORT [CRITERION POINTS]",
		N_("give the points that are for a person to give"), cmd_mark},
	{"record", "EXERCISE", N_("record the reference traces of an exercise"),
		cmd_record},
	{"validate", "[EXERCISE...]",
		N_("prove that exercises judge what they say"), cmd_validate},
	{"new-exercise", "NAME", N_("make an exercise to begin with"),
		cmd_new_exercise},
	{"pack", "EXERCISE...",
		N_("make the folder of an exercise that students get"),
		cmd_pack},
	{"doctor", "",
		N_("show what protects this machine and what is missing"),
		cmd_doctor},
	{"help", "[COMMAND]", N_("explain a command"), cmd_help},
	{NULL, NULL, NULL, NULL},
};

static const struct command *find_command(const char *name)
{
	for (const struct command *row = COMMANDS; row->name; row++) {
		if (!strcmp(row->name, name))
			return row;
	}
	return NULL;
}

static void print_help(FILE *out)
{
	fputs(_("Usage: grader COMMAND [ARGUMENT...]\n"
		"Grades concurrent C programs by running them under many "
		"schedules.\n\n"
		"Commands:\n"),
		out);
	for (const struct command *row = COMMANDS; row->name; row++)
		fprintf(out, "  %-12s %s\n", row->name, translated(row->help));
	fputs(_("\nBegin with:\n"
		"  grader list\n"
		"  grader check tickets tickets.c\n"
		"  grader run hello.c\n\n"
		"'grader COMMAND --help' explains the options; see also "
		"grader(1).\n"),
		out);
}

static int unknown_command(const char *name)
{
	const char *names[sizeof(COMMANDS) / sizeof(*COMMANDS)];
	const char *near;
	size_t count = 0;

	for (const struct command *row = COMMANDS; row->name; row++)
		names[count++] = row->name;
	near = suggest(name, names, count);
	if (near)
		fprintf(stderr,
			_("grader: there is no command '%.60s'; did you mean "
			  "'%s'?\n"),
			name, near);
	else
		fprintf(stderr,
			_("grader: there is no command '%.60s'; 'grader help' "
			  "shows them all\n"),
			name);
	return EXIT_USAGE;
}

static int run_command(const struct command *row, int argc, char **argv)
{
	/* argp takes the program's name in its messages from argv[0] */
	auto_free char *name = xasprintf("grader %s", row->name);

	argv[0] = name;
	return row->run(argc, argv);
}

static int cmd_help(int argc, char **argv)
{
	char option[] = "--help";
	char *arguments[] = {NULL, option, NULL};
	const struct command *row;

	if (argc < 2 || argv[1][0] == '-') {
		print_help(stdout);
		return EXIT_FULL_MARKS;
	}
	row = find_command(argv[1]);
	if (!row)
		return unknown_command(argv[1]);
	if (row->run == cmd_help) {
		print_help(stdout);
		return EXIT_FULL_MARKS;
	}
	return run_command(row, 2, arguments);
}

/* A result that did not reach its reader is no success. */
static int finish(int status)
{
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, _("grader: cannot write the output: %s\n"),
			translated(strerror(errno)));
		return EXIT_TROUBLE;
	}
	return status;
}

int main(int argc, char **argv)
{
	const struct command *row;

	translation_use(translation_language(argv));
	if (argc < 2) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		print_help(stdout);
		return finish(EXIT_FULL_MARKS);
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		printf("grader %s\n", GRADER_VERSION);
		return finish(EXIT_FULL_MARKS);
	}
	row = find_command(argv[1]);
	if (!row)
		return unknown_command(argv[1]);
	return finish(run_command(row, argc - 1, argv + 1));
}
