/* grader merge: the shards of a class put together. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/batch/merge.h"
#include "grader/batch_request.h"
#include "grader/catalog.h"
#include "grader/command.h"
#include "grader/exercise_hash.h"

struct arguments {
	const char *output;
	const char **shards;
	size_t count, capacity;
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (!arguments->output) {
			arguments->output = text;
			return 0;
		}
		grow_array(&arguments->shards, arguments->count,
			&arguments->capacity, sizeof(*arguments->shards));
		arguments->shards[arguments->count++] = text;
		return 0;
	case ARGP_KEY_END:
		if (!arguments->count)
			argp_error(state, "needs a folder for the whole, and "
					  "those of the shards");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void parse_arguments(int argc, char **argv, struct arguments *arguments)
{
	static const struct argp argp = {
		.parser = parse,
		.args_doc = "FOLDER SHARD...",
		.doc = N_("Puts the shards of a class, the folders of 'grader "
			  "batch --shard', together into FOLDER, which then is "
			  "as if one machine had graded the class.\n\nIt goes "
			  "by the results that are there. While a shard or a "
			  "part of one is lost, it names who is, and the "
			  "command that grades just them, and exits with 3."),
	};

	command_parse(&argp, argc, argv, arguments);
}

static void show_notice(void *context, const char *text)
{
	(void)context;
	command_tell(0, text);
}

/* Those that the shards were graded with, not only of the same name. */
static int load(const struct batch_facts *facts, struct exercise **exercises,
	struct err *err)
{
	const char *hash = facts->hashes;

	for (size_t i = 0; i < facts->exercise_count; i++) {
		auto_free char *now = NULL;
		int r = catalog_load(&exercises[i], facts->exercises[i], err);

		if (r)
			return r;
		now = exercise_hash(exercises[i]->folder, err);
		if (!now)
			return -EIO;
		if (strncmp(hash, now, strlen(now)) != 0)
			return err_set(err, -EINVAL,
				"exercise '%s' is another version here than "
				"the shards were graded with",
				exercises[i]->id);
		hash += strlen(now);
		hash += *hash == '\n';
	}
	return 0;
}

static void show_loss(const struct merge_loss *loss)
{
	struct buf text = {0};

	if (loss->whole)
		buf_addf(&text, _("shard %zu is lost, %zu submissions: %s\n"),
			loss->shard, loss->items, loss->students);
	else
		buf_addf(&text, _("shard %zu lacks %zu submissions: %s\n"),
			loss->shard, loss->items, loss->students);
	buf_addf(&text, "    %s\n", loss->command);
	command_show(stderr, buf_text(&text));
	buf_release(&text);
}

/* For an array of jobs, which shards those are: "2,5". */
static void show_losses(const struct merge_result *result, const char *output)
{
	struct buf numbers = {0}, text = {0};

	for (size_t i = 0; i < result->loss_count; i++) {
		show_loss(&result->losses[i]);
		buf_addf(&numbers, "%s%zu", i ? "," : "",
			result->losses[i].shard);
	}
	buf_addf(&text,
		_("nothing was merged into '%s' yet: grade what is lost with "
		  "the commands above, or the array of jobs with --array=%s, "
		  "and merge again\n"),
		output, buf_text(&numbers));
	command_show(stderr, buf_text(&text));
	buf_release(&numbers);
	buf_release(&text);
}

static int merge(const struct arguments *arguments, struct err *err)
{
	const struct merge_options options = {.output = arguments->output,
		.shards = arguments->shards,
		.count = arguments->count,
		.notice = show_notice};
	struct batch_facts facts = {0};
	struct merge_result result = {0};
	struct exercise **exercises = NULL;
	int r = merge_read_facts(&options, &facts, err), status = 0;

	exercises = xcalloc(facts.exercise_count + 1, sizeof(*exercises));
	if (!r)
		r = load(&facts, exercises, err);
	if (!r)
		r = merge_run(&options, &facts, exercises, &result, err);
	if (!r && result.loss_count) {
		show_losses(&result, arguments->output);
	} else if (!r) {
		printf(_("%zu students: %zu graded, %zu not handed in, %zu "
			 "with trouble of the grader\nresults in %s\n"),
			result.students, result.graded, result.missing,
			result.trouble, arguments->output);
		batch_tell_persons(
			result.persons, arguments->output, facts.language);
	}
	status = r ? command_fail(batch_status(r), err)
		 : result.loss_count || result.trouble ? EXIT_TROUBLE
						       : 0;
	merge_result_release(&result);
	for (size_t i = 0; i < facts.exercise_count; i++)
		exercise_free(exercises[i]);
	free(exercises);
	facts_release(&facts);
	return status;
}

int cmd_merge(int argc, char **argv)
{
	struct arguments arguments = {0};
	struct err err = {""};
	int status;

	parse_arguments(argc, argv, &arguments);
	status = merge(&arguments, &err);
	free(arguments.shards);
	return status;
}
