/*
 * How it works: each text is a file called by its number, so that no name of a
 * student's is on the command line or in the output that is read.
 */
#include "grader/similar.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"

#define TOOL "/usr/bin/sim_c"
#define CPU_SECONDS 600
#define MEMORY ((int64_t)4 << 30)
#define LOG_MAX ((size_t)16 << 20)

void similar_release(struct similar_pairs *pairs)
{
	free(pairs->pairs);
	*pairs = (struct similar_pairs){0};
}

/* The line at AT without blanks; owned. */
static char *bare_line(const char *at, size_t length)
{
	struct buf bare = {0};

	for (size_t i = 0; i < length; i++)
		if (!isspace((unsigned char)at[i]))
			buf_addc(&bare, at[i]);
	return bare.data ? buf_detach(&bare) : xstrdup("");
}

static bool has_line(const char *text, const char *bare)
{
	while (*text) {
		size_t length = strcspn(text, "\n");
		auto_free char *other = bare_line(text, length);

		if (!strcmp(other, bare))
			return true;
		text += length + (text[length] == '\n');
	}
	return false;
}

void similar_add_own(struct buf *out, const char *source, const char *starter)
{
	while (*source) {
		size_t length = strcspn(source, "\n");
		auto_free char *bare = bare_line(source, length);

		/* a brace alone belongs to whatever is around it */
		if (strlen(bare) < 3 || !has_line(starter, bare)) {
			buf_add(out, source, length);
			buf_addc(out, '\n');
		}
		source += length + (source[length] == '\n');
	}
}

int similar_read_line(const char *line, struct similar_pair *pair)
{
	int end = 0;

	*pair = (struct similar_pair){0};
	if (sscanf(line, "%zu.c consists for %d %% of %zu.c material%n",
		    &pair->one, &pair->percent, &pair->other, &end) != 3 ||
		!end || (line[end] && line[end] != '\n'))
		return -EINVAL;
	return 0;
}

/* One of the two directions is enough; the greater counts. */
static void add_pair(struct similar_pairs *pairs, struct similar_pair pair)
{
	if (pair.one > pair.other) {
		size_t one = pair.one;

		pair.one = pair.other;
		pair.other = one;
	}
	for (size_t i = pairs->count; i-- > 0;) {
		struct similar_pair *known = &pairs->pairs[i];

		if (known->one != pair.one || known->other != pair.other)
			continue;
		if (known->percent < pair.percent)
			known->percent = pair.percent;
		return;
	}
	grow_array(&pairs->pairs, pairs->count, &pairs->capacity,
		sizeof(*pairs->pairs));
	pairs->pairs[pairs->count++] = pair;
}

static int compare(const void *a, const void *b)
{
	const struct similar_pair *one = a, *other = b;

	if (one->percent != other->percent)
		return other->percent - one->percent;
	if (one->one != other->one)
		return one->one < other->one ? -1 : 1;
	return one->other < other->other ? -1 : one->other > other->other;
}

static void read_log(struct similar_pairs *pairs, const char *log, size_t count)
{
	while (*log) {
		size_t length = strcspn(log, "\n");
		auto_free char *line = xstrndup(log, length);
		struct similar_pair pair;

		if (!similar_read_line(line, &pair) && pair.one < count &&
			pair.other < count && pair.one != pair.other)
			add_pair(pairs, pair);
		log += length + (log[length] == '\n');
	}
	if (pairs->count)
		qsort(pairs->pairs, pairs->count, sizeof(*pairs->pairs),
			compare);
}

static int judge_result(const struct jail_tool_result *result, struct err *err)
{
	if (result->limit)
		return err_set(err, -ETIMEDOUT,
			"sim_c came to the limit of %s; compare fewer "
			"submissions at once",
			result->limit);
	if (result->status != 0)
		return err_set(err, -EIO, "sim_c failed (status %d): %.200s",
			result->status, buf_text(&result->log));
	if (result->log_cut)
		return err_set(err, -E2BIG,
			"too many pairs are alike; give a higher --threshold");
	return 0;
}

static int run(struct similar_pairs *pairs, const struct jail_context *jail,
	const char *const *argv, const struct jail_file *files, size_t count,
	struct err *err)
{
	const struct jail_tool tool = {
		.argv = argv,
		.inputs = files,
		.input_count = count,
		.cpu_seconds = CPU_SECONDS,
		.wall_seconds = CPU_SECONDS,
		.address_space_bytes = MEMORY,
		.file_bytes = 1 << 20,
		.log_limit = LOG_MAX,
	};
	struct jail_tool_result result = {.output_fd = -1};
	int r = jail_run_tool(jail, &tool, &result, err);

	if (!r)
		r = judge_result(&result, err);
	if (!r)
		read_log(pairs, buf_text(&result.log), count);
	buf_release(&result.log);
	if (result.output_fd >= 0)
		close(result.output_fd);
	return r;
}

int similar_find(struct similar_pairs *pairs, const struct jail_context *jail,
	const struct buf *texts, size_t count, int threshold, struct err *err)
{
	auto_free char *least = xasprintf("-t%d", threshold);
	const char *const options[] = {
		TOOL, "-p", "-e", "-s", "-T", least, NULL};
	struct jail_file *files;
	const char **argv;
	char **names;
	size_t used = 0;
	int r;

	*pairs = (struct similar_pairs){0};
	if (access(TOOL, X_OK) < 0)
		return err_set(err, -ENOENT,
			"comparing needs sim_c: sudo apt-get install "
			"similarity-tester");
	if (count > SIMILAR_TEXTS_MAX)
		return err_set(err, -E2BIG,
			"%zu submissions are more than can be compared at "
			"once (%d)",
			count, SIMILAR_TEXTS_MAX);
	files = xcalloc(count + 1, sizeof(*files));
	argv = xcalloc(count + 8, sizeof(*argv));
	names = xcalloc(count + 1, sizeof(*names));
	while (options[used]) {
		argv[used] = options[used];
		used++;
	}
	for (size_t i = 0; i < count; i++) {
		names[i] = xasprintf("%zu.c", i);
		files[i] = (struct jail_file){
			.name = names[i],
			.data = buf_text(&texts[i]),
			.length = texts[i].length,
		};
		argv[used++] = files[i].name;
	}
	r = run(pairs, jail, argv, files, count, err);
	for (size_t i = 0; i < count; i++)
		free(names[i]);
	free(names);
	free(files);
	free(argv);
	return r;
}
