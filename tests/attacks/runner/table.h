/*
 * The table of attacks: one row a line, see tests/attacks/table.
 */
#ifndef ATTACKS_TABLE_H
#define ATTACKS_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct attack {
	char *id, *name;
	char *expected[2]; /* full jail, without user namespaces */
	bool is_left_out[2];
	char *natively; /* "" = no negative control */
	int line;
};

struct table {
	struct attack *attacks;
	size_t count, capacity;
};

/* Ends the process with a message when PATH is no table. */
void table_read(struct table *table, const char *path);
void table_release(struct table *table);

/*
 * Do all words of EXPECTED hold of FACTS, lines of text?  If not, the first
 * that does not is added to TROUBLE.
 */
bool expect_holds(const char *expected, const char *facts, struct buf *trouble);

#endif
