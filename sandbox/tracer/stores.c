/*
 * A processor's store buffer: x86 lets a task read memory while stores that it
 * made before are still on their way to the others (Sewell et al., "x86-TSO",
 * CACM 53(7), 2010).  Peterson's algorithm without a fence fails by that and
 * by nothing else, and on a machine that runs one task at a time it never
 * would.
 *
 * So now and then, when a task stands at a read of shared memory and the stores
 * right before it have been seen by nobody (no other task has run since, and
 * nothing in between was a fence, a lock or a system call), it makes the read,
 * and its stores are taken back until it runs again, after some slices of
 * others, or until another task does more than touch memory: they arrive in
 * their order then, as do a real processor's.
 *
 * Fences and locked instructions of inline assembler are not seen: a program
 * that has some is left alone (run_spec.store_buffer).
 */
#include "tracer/stores.h"

#include <string.h>

#include "tracer/engine.h"
#include "tracer/memory.h"
#include "tracer/wait.h"

#define OTHERS_FEW 8 /* slices */
#define OTHERS_MANY 60

void stores_add(struct task *task, uint64_t address, uint32_t size,
	const unsigned char *old, const unsigned char *now)
{
	struct store_buffer *buffer = &task->stores;
	struct store *store;

	if (size > sizeof(store->old) || buffer->count == STORES_MAX) {
		buffer->count = 0;
		return;
	}
	store = &buffer->stores[buffer->count++];
	store->address = address;
	store->size = size;
	memcpy(store->old, old, size);
	memcpy(store->new, now, size);
}

void stores_check(const struct engine *engine, struct task *task)
{
	struct store_buffer *buffer = &task->stores;

	if (engine->slices != buffer->slice + 1)
		buffer->count = 0;
	buffer->slice = engine->slices;
}

void stores_drop(struct task *task)
{
	if (!task->stores.delayed)
		task->stores.count = 0;
}

bool stores_let_others(const struct engine *engine, const struct task *task)
{
	return task->stores.delayed && engine->slices < task->stores.until;
}

bool stores_may_wait(struct engine *engine, const struct task *task,
	uint64_t address, uint32_t size)
{
	const struct store_buffer *buffer = &task->stores;
	int i;

	/* a mapped file that is watched is read after each slice */
	if (!engine->spec->store_buffer || engine->spec->fault_count > 0 ||
		engine->watched_mapped || buffer->count == 0 || engine->sampled)
		return false;
	for (i = 0; i < buffer->count; i++)
		if (address < buffer->stores[i].address +
					buffer->stores[i].size &&
			buffer->stores[i].address < address + size)
			return false;
	return schedule_random(&engine->access_random) % 2 == 0 &&
	       signals_can_step(task);
}

/* How many slices the others have: mostly few, as the store is on its way. */
static uint64_t others_turn(struct engine *engine)
{
	uint64_t random = schedule_random(&engine->access_random);

	return random / 4 % (random % 4 == 0 ? OTHERS_MANY : OTHERS_FEW);
}

void stores_delay(struct engine *engine, struct task *task)
{
	struct store_buffer *buffer = &task->stores;
	int i;

	for (i = buffer->count - 1; i >= 0; i--)
		memory_write(task, buffer->stores[i].address,
			buffer->stores[i].old, buffer->stores[i].size);
	buffer->delayed = true;
	buffer->until = engine->slices + 1 + others_turn(engine);
	engine->delayed_stores++;
}

void stores_arrive(struct engine *engine, struct task *task)
{
	struct store_buffer *buffer = &task->stores;
	int i;

	if (!buffer->delayed)
		return;
	for (i = 0; i < buffer->count; i++)
		memory_write(task, buffer->stores[i].address,
			buffer->stores[i].new, buffer->stores[i].size);
	buffer->delayed = false;
	buffer->count = 0;
	engine->delayed_stores--;
	engine->changes++;
	engine->effects++;
}

void stores_arrive_all(struct engine *engine)
{
	size_t i;

	for (i = 0; engine->delayed_stores > 0 && i < engine->count; i++)
		stores_arrive(engine, engine->tasks[i]);
}

/* Does its next step leave late stores on their way? */
static bool may_miss(const struct task *task)
{
	return task->state != TASK_AT_CALL || task->call->number == HOOKS_POINT;
}

void stores_settle(struct engine *engine)
{
	size_t i;

	for (i = 0; i < engine->alive_count; i++)
		if (engine_can_run(engine, engine->alive[i]) &&
			may_miss(engine->alive[i]))
			return;
	stores_arrive_all(engine);
}
