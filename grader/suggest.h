/* "Did you mean ...?" */
#ifndef GRADER_SUGGEST_H
#define GRADER_SUGGEST_H

#include <stddef.h>

/*
 * The candidate nearest to WORD by edit distance (a swap of neighbours counts
 * one), the first of equals; NULL when none is near enough to be meant.
 */
const char *suggest(
	const char *word, const char *const *candidates, size_t count);

#endif
