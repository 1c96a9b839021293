/*
 * The memory of a stopped task.  All return false when it is not there.
 */
#ifndef TRACER_MEMORY_H
#define TRACER_MEMORY_H

#include "tracer/engine.h"

bool memory_read(
	const struct task *task, uint64_t address, void *data, size_t length);
/* As much of it as is there from ADDRESS on, up to a page that is not. */
size_t memory_read_some(
	const struct task *task, uint64_t address, void *data, size_t length);
bool memory_write(const struct task *task, uint64_t address, const void *data,
	size_t length);
/* The same, but not where the program itself could not write. */
bool memory_give(const struct task *task, uint64_t address, const void *data,
	size_t length);
/* At most size - 1 bytes and a NUL; false if unreadable or not ended. */
bool memory_string(
	const struct task *task, uint64_t address, char *text, size_t size);
bool memory_words(const struct task *task, uint64_t address, uint64_t *words,
	size_t count);
/*
 * LENGTH bytes from START on of the task's stack are DATA, and stay so until it
 * goes on: what is read of them is taken from here.  To be forgotten when it
 * does.  Nothing is noted where others work in the same memory.
 */
void memory_note_stack(const struct engine *engine, const struct task *task,
	uint64_t start, const void *data, size_t length);
void memory_forget_stack(const struct task *task);
/* Threads and vfork children work in the memory of another process: whose. */
struct process *memory_owner(
	const struct engine *engine, const struct task *task);
/*
 * The mapping that ADDRESS is in: key->a, b, offset and its end.  Looked up in
 * /proc once, and known until memory_remapped().
 */
bool memory_mapping(const struct engine *engine, const struct task *task,
	uint64_t address, bool *shared, uint64_t *end, struct futex_key *key);
/* The task changes its mappings. */
void memory_remapped(const struct engine *engine, const struct task *task);
bool memory_futex_key(const struct engine *engine, const struct task *task,
	uint64_t address, bool is_private, struct futex_key *key);

#endif
