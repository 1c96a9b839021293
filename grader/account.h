/*
 * An account of one run for a person who has no exercise: how it ended, what
 * went wrong in it and where, which processes it had and what became of each.
 *
 * Pure: an observed run in, owned values out.
 */
#ifndef GRADER_ACCOUNT_H
#define GRADER_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "grader/observe.h"
#include "grader/verdict.h"

#define ACCOUNT_TASKS_MAX 64

/* One process or thread, told. */
struct account_task {
	char *who;     /* "main", "child 2" */
	size_t depth;  /* 0 = main, 1 = made by main ... */
	bool well;     /* ended by itself or lives */
	char *made_at; /* place of the fork; NULL unknown, and main */
	int64_t born_us, died_us; /* died_us -1 = it lived to the end */
	struct bilingual fate;    /* "exit 3, waited for by main" */
	char *fate_at; /* where a signal or a deadlock met it; NULL */
};

struct account {
	bool well; /* main ended with 0, and there is no problem */
	struct bilingual ending;    /* "ended with 0", "deadlock" */
	int64_t virtual_us;         /* when main ended, else the run */
	size_t processes, threads;  /* made in all, main counted */
	struct account_task *tasks; /* parents before their children, at most
				       ACCOUNT_TASKS_MAX */
	size_t task_count;
	/* what is wrong for sure: deadlock, crash, limit, forbidden call */
	struct finding *problems;
	size_t problem_count;
	/* what is worth knowing; only the warnings are used */
	struct verdict notes;
};

/*
 * Makes *ACCOUNT, which the caller releases, of RUN; its scenario and
 * exercise may be empty ones.
 */
void account_make(struct account *account, const struct observed_run *run);

/* Adds the data races of another schedule to the notes of ACCOUNT. */
void account_add_races(struct account *account, const struct account *other);

void account_release(struct account *account);

#endif
