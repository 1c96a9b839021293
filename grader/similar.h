/*
 * Submissions that are suspiciously alike, for a person to look at; never a
 * mark.
 *
 * The comparing is done by sim_c of Dick Grune's similarity tester (Debian's
 * similarity-tester), which compares C token by token, so that other names and
 * other blanks change nothing.  It reads what students wrote, so it runs in the
 * jail of the compiler.
 */
#ifndef GRADER_SIMILAR_H
#define GRADER_SIMILAR_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "jail/jail.h"

#define SIMILAR_TEXTS_MAX 3000

struct similar_pair {
	size_t one, other;
	int percent; /* of the tokens of one of the two that are in the other */
};

struct similar_pairs {
	struct similar_pair *pairs; /* the most alike first */
	size_t count, capacity;
};

/*
 * Finds the pairs of the COUNT texts that have at least THRESHOLD percent in
 * common.  0 or a negative errno: -ENOENT without sim_c, -E2BIG for too many
 * texts, -ETIMEDOUT.  The caller releases *PAIRS.
 */
int similar_find(struct similar_pairs *pairs, const struct jail_context *jail,
	const struct buf *texts, size_t count, int threshold, struct err *err);
void similar_release(struct similar_pairs *pairs);

/*
 * Appends SOURCE without the lines that the starter code has as well, blanks
 * aside: what all were given says nothing.
 */
void similar_add_own(struct buf *out, const char *source, const char *starter);

/*
 * Reads the line "1.c consists for 93 % of 2.c material"; 0, or -EINVAL when it
 * is none.
 */
int similar_read_line(const char *line, struct similar_pair *pair);

#endif
