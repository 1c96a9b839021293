/*
 * Tasks and processes: how they come to be, change their program, and end.
 */
#ifndef TRACER_TASK_H
#define TRACER_TASK_H

#include "tracer/engine.h"

struct task *task_add(struct engine *engine, struct task *creator, pid_t tid,
	bool is_thread, bool shares_memory);
struct task *task_by_tid(const struct engine *engine, pid_t tid);
struct task *task_by_inner(const struct engine *engine, pid_t inner);
struct task *process_leader(
	const struct engine *engine, const struct process *process);
/*
 * Of thousands that came and went only the latest need be looked at: no child
 * of PROCESS that is not reaped yet has a number below the second one's answer.
 * The first moves that on, when tasks have ended.
 */
void task_settle(struct engine *engine);
size_t task_children_from(
	const struct engine *engine, const struct process *process);
/* Ended, and its parent (or the jail init, at once) has taken its status. */
bool process_gone(const struct process *process);
void task_exec(struct engine *engine, struct task *task);
void task_free_all(struct engine *engine);
void task_ended(struct engine *engine, struct task *task, int status);

#endif
