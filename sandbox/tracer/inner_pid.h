/*
 * The numbers of tasks as they see them themselves, in the jail's namespace.
 */
#ifndef TRACER_INNER_PID_H
#define TRACER_INNER_PID_H

#include "tracer/engine.h"

/* TID is of the first task; a further start shares its namespace. */
void inner_pid_begin(struct engine *engine, pid_t tid);
/* -1: it would cost more than a stop, and SURELY was not asked for. */
pid_t inner_pid(const struct engine *engine, pid_t tid, bool surely);
void inner_pid_end(struct engine *engine);

#endif
