/*
 * Synchronisation that is not in a trace: the end of file that comes when the
 * last writer closes a pipe, a signal that is taken without a handler, a
 * child that is seen to have stopped or ended and not reaped, a descriptor that
 * became ready.
 */
#ifndef TRACE_UNSEEN_H
#define TRACE_UNSEEN_H

#include <stdbool.h>

#include "trace/trace.h"

/*
 * One an event of TRACE, owned by the caller: may it have waited for something
 * that another task did before, with nothing in the trace that says what?
 */
bool *unseen_find(const struct trace *trace);

#endif
