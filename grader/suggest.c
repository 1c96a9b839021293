/*
 * How it works: the optimal string alignment distance, with three rows of the
 * usual table.  A candidate is near when at most a third of the longer word
 * has to change; a word that begins a candidate is near as well.
 */
#include "grader/suggest.h"

#include <string.h>

#define WORD_MAX 63

static size_t smallest(size_t a, size_t b, size_t c)
{
	size_t least = a < b ? a : b;

	return least < c ? least : c;
}

static size_t distance(const char *a, const char *b)
{
	size_t rows[3][WORD_MAX + 1] = {{0}};
	size_t a_length = strlen(a), b_length = strlen(b);

	if (a_length > WORD_MAX || b_length > WORD_MAX)
		return WORD_MAX;
	for (size_t j = 0; j <= b_length; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		size_t *row = rows[i % 3], *last = rows[(i + 2) % 3];
		const size_t *before = rows[(i + 1) % 3];

		row[0] = i;
		for (size_t j = 1; j <= b_length; j++) {
			size_t change = last[j - 1] + (a[i - 1] != b[j - 1]);

			row[j] = smallest(last[j] + 1, row[j - 1] + 1, change);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
				a[i - 2] == b[j - 1] && before[j - 2] < row[j])
				row[j] = before[j - 2] + 1;
		}
	}
	return rows[a_length % 3][b_length];
}

const char *suggest(
	const char *word, const char *const *candidates, size_t count)
{
	const char *best = NULL;
	size_t best_distance = 0, length = strlen(word);

	for (size_t i = 0; i < count; i++) {
		size_t far = distance(word, candidates[i]);
		size_t other = strlen(candidates[i]);
		size_t longer = other > length ? other : length;

		if (length >= 3 && !strncmp(word, candidates[i], length))
			far = 1;
		if (far > 1 + longer / 4)
			continue;
		if (!best || far < best_distance) {
			best = candidates[i];
			best_distance = far;
		}
	}
	return best;
}
