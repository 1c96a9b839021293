/*
 * Numbers for the names of a trace, whose equal names are equal pointers: the
 * first name is 0.  All zeroes is empty.  Pure.
 */
#ifndef TRACE_NAME_INDEX_H
#define TRACE_NAME_INDEX_H

#include <stddef.h>

struct name_index {
	const char **names; /* by number; borrowed */
	size_t count, capacity;
	size_t *slots; /* number + 1 by hash, 0 empty */
	size_t slot_count;
};

/* The number of NAME; a new one gets the next, and count grows. */
size_t name_index_get(struct name_index *index, const char *name);

void name_index_release(struct name_index *index);

#endif
