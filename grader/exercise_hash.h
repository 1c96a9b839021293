/* What an exercise's verdicts depend on, as one number. */
#ifndef GRADER_EXERCISE_HASH_H
#define GRADER_EXERCISE_HASH_H

#include "base/err.h"

/*
 * SHA-256, hex, of exercise.json, hidden.json and the reference traces in
 * FOLDER; what is not there counts as empty.  Owned; NULL with ERR set when a
 * file cannot be read.
 */
char *exercise_hash(const char *folder, struct err *err);

#endif
