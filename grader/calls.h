/*
 * The system call policy as a text: what `grader doctor --calls` shows.
 */
#ifndef GRADER_CALLS_H
#define GRADER_CALLS_H

#include <stdio.h>

/*
 * Prints every row of jail/policy.def to FILE, a line each: what the jail
 * answers, the call (with the argument, where that decides), the reason.
 */
void calls_print(FILE *file);

#endif
