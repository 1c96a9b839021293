/* The criteria of an item, as its journal has them. */
#ifndef GRADER_BATCH_POINTS_H
#define GRADER_BATCH_POINTS_H

#include <stdbool.h>
#include <stddef.h>

struct points {
	char *id, *verdict; /* "pass", "fail", "skipped" ... */
	double points;
	bool extra;
};

struct point_list {
	struct points *items;
	size_t count;
};

/*
 * Reads CRITERIA, the JSON list of an item; NULL is an empty one.  What cannot
 * be read is as if it were not there.  The caller releases it.
 */
void points_read(struct point_list *list, const char *criteria);
void points_release(struct point_list *list);

/* NULL when there is none of that id. */
const struct points *points_find(const struct point_list *list, const char *id);

#endif
