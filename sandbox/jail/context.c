/*
 * A context is made once: the filters are compiled, and the machine is
 * probed.
 */
#define _GNU_SOURCE
#include "jail/context.h"

#include <stdlib.h>
#include <sys/resource.h>

#include "base/alloc.h"
#include "jail/child.h"
#include "jail/layers.h"

#define FILES_ENOUGH 32768 /* of 64 processes with 128 and more */

/*
 * Who looks at a program's descriptors needs duplicates of them, of all that
 * its tasks wait for at once above all.
 */
static void allow_many_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= FILES_ENOUGH)
		return;
	limit.rlim_cur =
		limit.rlim_max < FILES_ENOUGH ? limit.rlim_max : FILES_ENOUGH;
	setrlimit(RLIMIT_NOFILE, &limit);
}

int jail_context_new_without(
	unsigned without, struct jail_context **context, struct err *err)
{
	struct jail_context *made = xcalloc(1, sizeof(*made));
	int r = 0;

	allow_many_files();
	made->keep = jail_keep_new();
	child_find_arguments();
	for (int i = 0; i < FILTER_PROFILE_COUNT && !r; i++)
		r = filter_build(
			(enum filter_profile)i, &made->filters[i], err);
	if (!r)
		r = layers_probe(made, without, err);
	if (r < 0) {
		jail_context_free(made);
		return r;
	}
	*context = made;
	return 0;
}

int jail_context_new(struct jail_context **context, struct err *err)
{
	return jail_context_new_without(0, context, err);
}

void jail_context_free(struct jail_context *context)
{
	if (!context)
		return;
	jail_keep_free(context->keep);
	for (int i = 0; i < FILTER_PROFILE_COUNT; i++)
		filter_release(&context->filters[i]);
	free(context);
}

const struct jail_layer_state *jail_layers(const struct jail_context *context)
{
	return context->layers;
}

char jail_grade(const struct jail_context *context)
{
	return context->grade;
}
