/*
 * Faults that a run is given: what the program's calls meet, and when.
 */
#ifndef TRACER_FAULTS_H
#define TRACER_FAULTS_H

#include "tracer/engine.h"

struct file;

void faults_apply(struct engine *engine);
/* NAME: of the file that the event changed. */
void faults_file_changed(
	struct engine *engine, const struct event *event, const char *name);
void faults_file_read(
	struct engine *engine, struct task *task, const struct event *event);
void faults_release(struct engine *engine); /* nobody will change the file */
/*
 * The following say whether a fault meets the task's call now.  Each call is
 * one chance: they are asked once for it.  When it does, it is in the trace.
 */
/* The call would wait, as a handler may end it, and is to fail with EINTR. */
bool faults_interrupt(struct engine *engine, const struct task *task);
/* The task makes another, and is to fail with EAGAIN. */
bool faults_refuse_fork(struct engine *engine, const struct task *task);
/* It writes to the regular file, and is to fail with ENOSPC. */
bool faults_fill_disk(struct engine *engine, const struct task *task,
	const struct file *file);
/*
 * Of a call that others could notice, when the task comes to it: it may be
 * held before it.
 */
void faults_slow(struct engine *engine, struct task *task);
/*
 * It reads (writes) the file and would get (put) TOTAL bytes; returns how
 * many it is to, or 0: as many as it would.
 */
uint64_t faults_shorten(struct engine *engine, const struct task *task,
	const struct file *file, bool is_write, uint64_t total);

#endif
