/* grader regrade: a class again, after a change of exercise or grader. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "grader/batch/facts.h"
#include "grader/batch/regrade.h"
#include "grader/batch_request.h"
#include "grader/command.h"
#include "grader/language.h"

enum action { PREVIEW, APPLY, CANCEL };
enum { OPTION_PREVIEW = 256, OPTION_APPLY, OPTION_CANCEL };

struct arguments {
	const char *folder;
	enum action action;
	size_t jobs;
	char required_grade;
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case OPTION_PREVIEW:
		arguments->action = PREVIEW;
		return 0;
	case OPTION_APPLY:
		arguments->action = APPLY;
		return 0;
	case OPTION_CANCEL:
		arguments->action = CANCEL;
		return 0;
	case 'J':
		arguments->jobs = command_number("--jobs", text, 1, 1024);
		return 0;
	case 'g':
		arguments->required_grade = command_grade(text);
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "too many arguments: '%s'", text);
		arguments->folder = text;
		return 0;
	case ARGP_KEY_END:
		if (!arguments->folder)
			argp_error(state, "needs the folder of a batch");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void parse_arguments(int argc, char **argv, struct arguments *arguments)
{
	static const struct argp_option options[] = {
		{"preview", OPTION_PREVIEW, NULL, 0,
			N_("grade again beside the results and show whose "
			   "marks would change, and why (what it does without "
			   "an option)"),
			0},
		{"apply", OPTION_APPLY, NULL, 0,
			N_("put the new results in place; the old ones go into "
			   "history/"),
			0},
		{"cancel", OPTION_CANCEL, NULL, 0,
			N_("forget the new results: all is as it was"), 0},
		{"jobs", 'J', "N", 0, N_("workers (default: all processors)"),
			0},
		{"require-grade", 'g', "A|B|C", 0,
			N_("exit with 4 when the sandbox is worse"), 0},
		{0},
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "FOLDER",
		.doc = N_("Grades a class, the FOLDER of a batch, again when "
			  "an exercise or the grader has changed."),
	};

	arguments->jobs = batch_processors();
	command_parse(&argp, argc, argv, arguments);
}

static int grade_beside(
	const struct arguments *arguments, const struct batch_facts *facts)
{
	auto_free char *output = xasprintf("%s/regrade", arguments->folder);
	const struct batch_request request = {
		.submissions = facts->submissions,
		.output = output,
		.marks_from = arguments->folder,
		.exercises = facts->exercises,
		.exercise_count = facts->exercise_count,
		.jobs = arguments->jobs,
		.language = facts->language,
		.resume = true,
		.thorough = facts->thorough,
		.seed = facts->seed,
		.schedules = facts->schedules,
		.roster = facts->roster_path,
		.roster_text = facts->roster,
		.shard = facts->shard,
		.shards = facts->shards,
		.required_grade = arguments->required_grade,
	};
	struct batch_result result;

	return batch_request_run(&request, &result);
}

static void add_mark(struct buf *out, const struct item *item)
{
	if (!item)
		buf_adds(out, "-");
	else if (item->state != ITEM_DONE)
		buf_adds(out, item_state_name(item->state));
	else if (item->extra_score > 0)
		buf_addf(out, "%g+%g", item->score, item->extra_score);
	else
		buf_addf(out, "%g", item->score);
}

static void show_change(void *context, const struct regrade_change *change)
{
	struct buf line = {0}, criteria = {0};

	(void)context;
	buf_addf(&line, "%s  %s  ", change->after->name,
		change->after->exercise);
	add_mark(&line, change->before);
	buf_adds(&line, " -> ");
	add_mark(&line, change->after);
	if (change->after->trouble)
		buf_addf(&criteria, "%s", change->after->trouble);
	else if (change->before)
		regrade_add_criteria(&criteria, change->before->criteria,
			change->after->criteria);
	if (criteria.length)
		buf_addf(&line, "  (%s)", buf_text(&criteria));
	buf_addc(&line, '\n');
	command_show(stdout, buf_text(&line));
	buf_release(&line);
	buf_release(&criteria);
}

static int preview(const struct arguments *arguments)
{
	struct regrade_counts counts;
	struct batch_facts facts = {0};
	struct err err = {""};
	int r = facts_read_in(arguments->folder, &facts, &err), status;

	status = r ? command_fail(batch_status(r), &err)
		   : grade_beside(arguments, &facts);
	if (!status) {
		r = regrade_compare(
			arguments->folder, show_change, NULL, &counts, &err);
		if (r)
			status = command_fail(batch_status(r), &err);
	}
	if (!status)
		printf(_("%zu marks go up, %zu down, %zu stay, %zu are new; "
			 "%zu with trouble of the grader\nTo put them in "
			 "place: grader regrade %s --apply; to forget them: "
			 "--cancel\n"),
			counts.up, counts.down, counts.same, counts.fresh,
			counts.trouble, arguments->folder);
	facts_release(&facts);
	return status;
}

int cmd_regrade(int argc, char **argv)
{
	struct arguments arguments = {0};
	struct err err = {""};
	size_t number = 0;
	int r;

	parse_arguments(argc, argv, &arguments);
	command_catch_signals();
	if (arguments.action == PREVIEW)
		return preview(&arguments);
	if (arguments.action == CANCEL)
		r = regrade_cancel(arguments.folder, &err);
	else
		r = regrade_apply(arguments.folder, &number, &err);
	if (r)
		return command_fail(batch_status(r), &err);
	if (number)
		printf(_("the new results are in place; the old ones are in "
			 "%s/history/%zu\n"),
			arguments.folder, number);
	return 0;
}
