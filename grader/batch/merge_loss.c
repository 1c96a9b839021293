#include "grader/batch/merge_loss.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/batch/plan.h"

#define NAMED_MAX 10

struct looking {
	const struct batch_facts *facts;
	struct merge_loss *losses; /* of each shard by its number */
	struct buf *names;         /* likewise */
	char *student;             /* the last one that was named */
};

void merge_result_release(struct merge_result *result)
{
	for (size_t i = 0; i < result->loss_count; i++) {
		free(result->losses[i].folder);
		free(result->losses[i].students);
		free(result->losses[i].command);
	}
	free(result->losses);
	*result = (struct merge_result){0};
}

static int look(void *context, const struct item *item)
{
	struct looking *looking = context;
	struct merge_loss *loss;
	struct buf *names;
	size_t shard;

	if (item->state != ITEM_ELSEWHERE && item->state != ITEM_WAITING)
		return 0;
	shard = plan_shard(item->student, (size_t)looking->facts->shards);
	loss = &looking->losses[shard];
	names = &looking->names[shard];
	loss->items++;
	if (looking->student && !strcmp(looking->student, item->student))
		return 0;
	free(looking->student);
	looking->student = xstrdup(item->student);
	if (loss->items <= NAMED_MAX)
		buf_addf(names, "%s%s", names->length ? ", " : "",
			item->student);
	else if (!strstr(buf_text(names), " ..."))
		buf_adds(names, " ...");
	return 0;
}

/* "x/shard-03" of shard 3 as that of another; NULL when it has no number. */
static char *like(const char *folder, size_t its_shard, size_t shard)
{
	const char *end = folder + strlen(folder), *at;
	int width;

	while (end > folder && end[-1] == '/')
		end--;
	at = end;
	while (at > folder && isdigit((unsigned char)at[-1]))
		at--;
	if (at == end || strtoull(at, NULL, 10) != its_shard)
		return NULL;
	width = *at == '0' ? (int)(end - at) : 1;
	return xasprintf("%.*s%0*zu", (int)(at - folder), folder, width, shard);
}

/* Where the results of SHARD are, or would be by the names of the others. */
static char *folder_of(const char *const *folders, size_t shards, size_t shard,
	const char *output)
{
	if (folders[shard])
		return xstrdup(folders[shard]);
	for (size_t i = 1; i <= shards; i++) {
		char *folder = folders[i] ? like(folders[i], i, shard) : NULL;

		if (folder)
			return folder;
	}
	return xasprintf("%s-%zu", output, shard);
}

static void add_loss(struct merge_result *result, const struct merge_loss *loss)
{
	grow_array(&result->losses, result->loss_count, &result->loss_capacity,
		sizeof(*result->losses));
	result->losses[result->loss_count++] = *loss;
}

int merge_find_losses(struct journal *whole, const struct batch_facts *facts,
	const char *const *folders, const char *output,
	struct merge_result *result, struct err *err)
{
	const size_t shards = (size_t)facts->shards;
	struct looking looking = {
		.facts = facts,
		.losses = xcalloc(shards + 1, sizeof(*looking.losses)),
		.names = xcalloc(shards + 1, sizeof(*looking.names)),
	};
	int r = journal_each(whole, look, &looking, err);

	for (size_t shard = 1; shard <= shards && !r; shard++) {
		struct merge_loss loss = looking.losses[shard];
		struct buf command = {0};

		/* one that nobody belongs to is not missed */
		if (!loss.items)
			continue;
		loss.shard = shard;
		loss.whole = !folders[shard];
		loss.folder = folder_of(folders, shards, shard, output);
		loss.students = xstrdup(buf_text(&looking.names[shard]));
		facts_add_command(&command, facts, shard, loss.folder);
		loss.command = buf_detach(&command);
		add_loss(result, &loss);
	}
	for (size_t shard = 0; shard <= shards; shard++)
		buf_release(&looking.names[shard]);
	free(looking.names);
	free(looking.losses);
	free(looking.student);
	return r;
}
