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
 * others, or until time goes on or another task does more than touch memory
 * or go to sleep: they arrive in their order then, as do a real processor's.
 * Some of the time they stay late while it goes on touching memory: it sees
 * them, and the others do not.
 *
 * Fences and locked instructions of inline assembler are not seen: a program
 * that has some is left alone (run_spec.store_buffer).
 */
#include "tracer/stores.h"

#include <string.h>
#include <sys/syscall.h>

#include "tracer/engine.h"
#include "tracer/memory.h"
#include "tracer/wait.h"

#define OTHERS_FEW 8 /* slices */
#define OTHERS_MANY 60
#define OTHERS_ALL 500 /* a whole lock of each of ten others */
#define ACCESSES_FEW 8
#define ACCESSES_MANY 40

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

	if (engine->slices != buffer->slice + 1 &&
		engine->slices != buffer->shown)
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
		engine->watched_mapped || buffer->count == 0 ||
		engine->slices == buffer->shown || engine->sampled)
		return false;
	for (i = 0; i < buffer->count; i++)
		if (address < buffer->stores[i].address +
					buffer->stores[i].size &&
			buffer->stores[i].address < address + size)
			return false;
	return schedule_random(&engine->access_random) % 2 == 0 &&
	       signals_can_step(task);
}

/* How many slices the others have: more at the last moment before they arrive.
 */
static uint64_t others_turn(struct engine *engine, bool last)
{
	static const uint64_t MOST[] = {
		OTHERS_FEW, OTHERS_MANY, OTHERS_ALL, OTHERS_ALL};

	if (!last)
		return schedule_random(&engine->access_random) % OTHERS_FEW;
	uint64_t random = schedule_random(&engine->access_random);

	return random / 4 % MOST[random % 4];
}

/* Of so many accesses more it makes half the time: as many as a look at all
 * that compete for a lock takes. */
static uint64_t accesses_late(struct engine *engine)
{
	static const uint64_t MOST[] = {
		1, ACCESSES_FEW, ACCESSES_MANY, ACCESSES_MANY};
	uint64_t random = schedule_random(&engine->access_random);

	return random / 4 % MOST[random % 4];
}

static void take_back(struct engine *engine, struct task *task)
{
	struct store_buffer *buffer = &task->stores;
	int i;

	for (i = buffer->count - 1; i >= 0; i--)
		memory_write(task, buffer->stores[i].address,
			buffer->stores[i].old, buffer->stores[i].size);
	buffer->delayed = true;
	engine->delayed_stores++;
}

void stores_delay(struct engine *engine, struct task *task)
{
	take_back(engine, task);
	task->stores.keeps = accesses_late(engine);
	task->stores.until = engine->slices + 1 +
			     others_turn(engine, task->stores.keeps == 0);
}

/* Others may have written there since. */
static void show(struct engine *engine, struct task *task)
{
	struct store_buffer *buffer = &task->stores;
	struct store *store;
	int i;

	for (i = 0; i < buffer->count; i++) {
		store = &buffer->stores[i];
		if (!memory_read(task, store->address, store->old, store->size))
			continue;
		memory_write(task, store->address, store->new, store->size);
	}
	buffer->delayed = false;
	buffer->shown = engine->slices;
	engine->delayed_stores--;
	/* for if they are not taken back: who waits for them looks again */
	engine->changes++;
	engine->effects++;
}

void stores_go_on(struct engine *engine, struct task *task)
{
	struct store_buffer *buffer = &task->stores;

	if (buffer->delayed && buffer->keeps > 0) {
		buffer->keeps--;
		show(engine, task);
	} else {
		stores_arrive(engine, task);
	}
}

void stores_stay_late(struct engine *engine, struct task *task, bool touches)
{
	struct store_buffer *buffer = &task->stores;

	if (buffer->count == 0 || buffer->delayed ||
		buffer->shown != engine->slices || engine->sampled)
		return;
	take_back(engine, task);
	if (!touches)
		buffer->keeps = 0;
	buffer->until = engine->slices;
	if (buffer->keeps == 0)
		buffer->until += 1 + others_turn(engine, true);
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

/* Who goes to sleep or yields in a loop tells nobody anything. */
bool stores_outlast(const struct task *task)
{
	switch (task->call->number) {
	case HOOKS_POINT:
	case SYS_nanosleep:
	case SYS_clock_nanosleep:
	case SYS_sched_yield:
		return true;
	default:
		return false;
	}
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
