/* A batch as a command asks for it, with its messages and exit statuses. */
#ifndef GRADER_BATCH_REQUEST_H
#define GRADER_BATCH_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "grader/batch/batch.h"

/* All borrowed. */
struct batch_request {
	const char *submissions, *output, *marks_from;
	const char *roster;           /* path; NULL: none */
	const char *roster_text;      /* what was in it; NULL: it is read */
	const char *const *exercises; /* names, as catalog_load() takes them */
	size_t exercise_count;
	size_t jobs;
	enum language language;
	bool resume, parallel, thorough;
	uint64_t seed;
	size_t schedules;
	size_t shard, shards; /* as batch_options has them */
	unsigned patience_s;
	char required_grade; /* 0: any */
};

/* How many processors there are for us. */
size_t batch_processors(void);

/*
 * Grades, with progress and messages on standard error.  0 or an exit status
 * with the message printed; trouble with single submissions is in RESULT.
 */
int batch_request_run(
	const struct batch_request *request, struct batch_result *result);

/* Says how many times a person has to look at the class in FOLDER, if any. */
void batch_tell_persons(
	size_t persons, const char *folder, enum language language);

/* The exit status of what batch_run() and its like returned. */
int batch_status(int r);

#endif
