/*
 * A jail that is kept for another run is as a new one to the program, and is
 * not kept when it could not be.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "jail/request.h"
#include "printed.h"
#include "run.h"
#include "tracees.h"

TestSuite(keep, .timeout = 120);

/* The number of the jail's init: the only process that outlives a run. */
static long standing_init(void)
{
	FILE *children = fopen("/proc/thread-self/children", "re");
	long pid = 0;

	cr_assert(children != NULL);
	if (fscanf(children, "%ld", &pid) != 1)
		pid = 0;
	fclose(children);
	return pid;
}

static char *run_kept(struct jail_context *context, const char *what)
{
	struct run_outcome outcome;
	char *text;

	run_tracee(context, "kept", what, SCHEDULE_RUN_TO_BLOCK, 0, &outcome);
	cr_assert(outcome.main_status == 0, "kept %s: status %x", what,
		outcome.main_status);
	text = output_of(&outcome.trace);
	run_outcome_release(&outcome);
	return text;
}

static bool keeps(const struct jail_context *context)
{
	const struct jail_layer_state *layers = jail_layers(context);

	return layers[JAIL_PID_NAMESPACE].on && layers[JAIL_EMPTY_ROOT].on;
}

Test(keep, what_a_run_leaves_is_gone_for_the_next)
{
	struct jail_context *context = context_or_skip();
	auto_free char *fresh = run_kept(context, "look");
	auto_free char *after_new = NULL, *after_kept = NULL;
	long init;

	free(run_kept(context, "files"));
	free(run_kept(context, "orphan"));
	init = standing_init();
	after_kept = run_kept(context, "look");
	cr_assert(strcmp(fresh, after_kept) == 0, "new:\n%skept:\n%s", fresh,
		after_kept);
	/* it was this very jail; and that one made a segment, so it is gone */
	if (keeps(context))
		cr_assert(init > 0 && standing_init() == 0);
	after_new = run_kept(context, "look");
	cr_assert(strcmp(fresh, after_new) == 0);
	jail_context_free(context);
}

Test(keep, the_same_jail_is_used_again)
{
	struct jail_context *context = context_or_skip();
	long init;
	int i;

	if (!keeps(context))
		cr_skip_test("no jail is kept without namespaces");
	free(run_kept(context, "files"));
	init = standing_init();
	cr_assert(init > 0);
	for (i = 0; i < 20; i++) {
		free(run_kept(context, "files"));
		long now = standing_init();

		cr_assert(now == init, "%ld is not %ld", now, init);
	}
	jail_context_free(context);
	cr_assert(standing_init() == 0);
}

Test(keep, a_jail_that_is_not_clean_is_not_kept)
{
	static const char *const soils[] = {"sysv", "object", "deep", "many"};
	struct jail_context *context = context_or_skip();
	size_t i;

	for (i = 0; i < sizeof(soils) / sizeof(*soils); i++) {
		free(run_kept(context, "files"));
		free(run_kept(context, soils[i]));
		cr_assert(standing_init() == 0, "kept after '%s'", soils[i]);
	}
	jail_context_free(context);
}

Test(keep, a_request_is_read_as_it_was_written)
{
	static const char *const argv[] = {"./program", "", "3", NULL};
	const struct jail_file files[] = {
		{"db.json", "{\"count\": 3}", 12}, {"empty", "", 0}};
	const struct jail_spec spec = {
		.argv = argv, .files = files, .file_count = 2, .cpu = 1};
	struct request request;
	struct buf bytes = {0};
	size_t cut;

	cr_assert(request_write_start(&bytes, REQUEST_NEXT, &spec));
	cr_assert(request_read(&request, bytes.data, bytes.length));
	cr_assert(request.kind == REQUEST_NEXT && request.cpu == 1);
	cr_assert(strcmp(request.argv[0], "./program") == 0);
	cr_assert(request.argv[1][0] == '\0' && request.argv[3] == NULL);
	cr_assert(request.file_count == 2 && request.files[0].length == 12);
	cr_assert(memcmp(request.files[0].data, files[0].data, 12) == 0);
	for (cut = 0; cut < bytes.length; cut++)
		cr_assert(!request_read(&request, bytes.data, cut));
	buf_release(&bytes);
}

Test(keep, what_is_too_much_for_a_request_is_refused)
{
	static const char *const argv[] = {"./program", NULL};
	static char data[REQUEST_MAX];
	const struct jail_file file = {"big", data, sizeof(data)};
	struct jail_spec spec = {.argv = argv, .files = &file, .file_count = 1};
	struct buf bytes = {0};

	cr_assert(!request_write_start(&bytes, REQUEST_NEXT, &spec));
	buf_release(&bytes);
}
