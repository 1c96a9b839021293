/*
 * Mutants: a right solution with one small mistake, made by rule.  Whoever
 * judges solutions should find each; a mutant that lives shows a mistake that
 * nobody would see (mutation testing; DeMillo, Lipton, Sayward 1978).
 *
 * The rules are about what the exercises are about: waits, locks, posts,
 * closes, flushes, signals.  They work on the tokens of the C source and know
 * no types; what does not compile is for the caller to drop.
 */
#ifndef GRADER_MUTATE_H
#define GRADER_MUTATE_H

#include <stddef.h>

/* LENGTH bytes of the source from START on become TEXT. */
struct mutant {
	const char *rule; /* static: "drop-close", see MUTATION_RULES */
	size_t number;    /* of those by this rule in the source, from 1 */
	int line;         /* where the change begins, from 1 */
	size_t start, length;
	char *text; /* owned */
};

/* Names of all rules, NULL-terminated; static. */
extern const char *const MUTATION_RULES[];

/*
 * All mutants of SOURCE, in its order, rule by rule; owned by the caller, who
 * frees them with mutants_free().
 */
size_t mutate(const char *source, size_t length, struct mutant **mutants);
void mutants_free(struct mutant *mutants, size_t count);

/* The changed source, owned, NUL-terminated; *LENGTH becomes its length. */
char *mutant_apply(
	const struct mutant *mutant, const char *source, size_t *length);

#endif
