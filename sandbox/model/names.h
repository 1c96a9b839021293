/*
 * Names of the objects that a trace speaks of, by first use: "pipe:1",
 * "futex:2", "db.json".  Numbers of the kernel (inodes, addresses) differ
 * from run to run; these do not.  Pure.
 */
#ifndef MODEL_NAMES_H
#define MODEL_NAMES_H

#include <stddef.h>
#include <stdint.h>

struct name {
	const char *prefix; /* static: separates the spaces of keys */
	uint64_t key[3];
	char *text;
};

struct names {
	struct name *items;
	size_t count, capacity;
	char **old; /* texts that names have had: others may hold them */
	size_t old_count, old_capacity;
};

void names_release(struct names *names);

/*
 * The name of the object KEY among those with PREFIX (static); a new one is
 * "PREFIX:N", N from 1 (counted for each prefix).  Borrowed, stable until
 * the release: a task that waits for the object shows it when it goes on, by
 * when the object may have another name.
 */
const char *names_get(struct names *names, const char *prefix, uint64_t a,
	uint64_t b, uint64_t c);

/* Gives the object a text of its own. */
const char *names_set(struct names *names, const char *prefix, uint64_t a,
	uint64_t b, uint64_t c, const char *text);

/* The name if it has one, else NULL. */
const char *names_find(const struct names *names, const char *prefix,
	uint64_t a, uint64_t b, uint64_t c);

#endif
