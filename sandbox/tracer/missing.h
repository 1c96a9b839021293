/*
 * Files that a program finds on any Linux machine and not in the jail: other
 * programs, terminals, the system-wide part of /proc.  To fail for want of one
 * is no fault of the program, so it is told as a refused call.
 */
#ifndef TRACER_MISSING_H
#define TRACER_MISSING_H

#include "tracer/engine.h"

/* An open of the string at ADDRESS of the task has given RESULT, an error. */
void missing_note_open(struct engine *engine, struct task *task,
	uint64_t address, int flags, long result);

/* The same of an execve of it. */
void missing_note_program(struct engine *engine, struct task *task,
	uint64_t address, long result);

/*
 * The own descriptor that PATH is a name of (/dev/stdout, /proc/self/fd/1) to
 * the process of that number, or -1.
 */
int missing_named_descriptor(const char *path, long pid);

/*
 * An open of the string at ADDRESS names a stream of the run by its descriptor:
 * which of the task's own, else -1.  What the
 * kernel would open is what the stream stands for, and not the stream.
 */
int missing_named_stream(struct engine *engine, const struct task *task,
	uint64_t address, int flags);

#endif
