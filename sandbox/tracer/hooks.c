/*
 * The engine's side of hooks/hooks.h: scheduling points in front of accesses
 * to memory that several tasks see, and notes of what locks did in user space.
 *
 * How many: all of the first ACCESSES_DENSE in a run, then ever fewer, so that
 * a program that counts to a million takes some thousand stops; locks and
 * atomic accesses likewise, by a count of their own.  From then on no notes are
 * made and the trace says so, as the order that the skipped operations made is
 * unknown.
 *
 * A run may ask for some accesses only: in a program without data races what
 * is done between two operations that synchronise cannot be told from doing it
 * at once.  Those that synchronise are looked at all the same.
 *
 * An access is a look (model/idle.h): a loop that reads a flag is a busy
 * waiter, and is proved and held like one that asks by a system call.  A write
 * is progress if it changed something, which is seen at the task's next stop.
 */
#define _GNU_SOURCE
#include "tracer/hooks.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "hooks/hooks.h"
#include "tracer/call_futex.h"
#include "tracer/calls.h"
#include "tracer/memory.h"
#include "tracer/stores.h"
#include "tracer/watch.h"

#define ACCESSES_DENSE 400
#define ATTEMPTS_DENSE 2000
#define PROOF_LOOKS 512        /* all of a row that may prove a busy waiter */
#define ACCESSES_OF_FILE 40000 /* dense ones where a watched file is mapped */
#define SOME_OF 16 /* one of so many, where the run asks for some only */

static void write_state(struct engine *engine, const struct task *task,
	size_t offset, const void *data, size_t length)
{
	/* where it cannot be written, there are no scheduling points */
	memory_write(task, engine->spec->hooks + offset, data, length);
}

static void be_quiet(struct engine *engine, struct task *task)
{
	struct process *process = memory_owner(engine, task);
	const uint32_t quiet = 1;

	engine->sampled = true;
	if (process->quiet)
		return;
	process->quiet = true;
	write_state(engine, task, offsetof(struct hooks_state, quiet), &quiet,
		sizeof(quiet));
}

void hooks_begin(struct engine *engine, struct task *task)
{
	const uint64_t code[2] = {
		engine->spec->code_low, engine->spec->code_high};
	if (!engine->spec->hooks)
		return;
	write_state(engine, task, offsetof(struct hooks_state, code_low), code,
		sizeof(code));
	if (engine->spec->some_accesses)
		be_quiet(engine, task);
}
void hooks_file(struct engine *engine, struct task *task)
{
	const uint32_t skip = 0;

	if (engine->spec->hooks)
		write_state(engine, task,
			offsetof(struct hooks_state, countdown), &skip,
			sizeof(skip));
}

void hooks_thread(struct engine *engine, struct task *task)
{
	const uint32_t threads = 1;

	if (engine->spec->hooks)
		write_state(engine, task, offsetof(struct hooks_state, threads),
			&threads, sizeof(threads));
}

/* The last one stands for all that there was no room for. */
static struct shared_region *new_region(
	struct process *process, uint64_t low, uint64_t high)
{
	struct shared_region *region;

	if (process->region_count < HOOKS_REGIONS_MAX) {
		region = &process->regions[process->region_count++];
		*region = (struct shared_region){low, high, 0, 0, 0};
		return region;
	}
	region = &process->regions[HOOKS_REGIONS_MAX - 1];
	region->low = low < region->low ? low : region->low;
	region->high = high > region->high ? high : region->high;
	return region;
}

void hooks_share(struct engine *engine, struct task *task, uint64_t address,
	uint64_t length)
{
	struct process *process = memory_owner(engine, task);
	struct shared_region *region;
	struct hooks_region told;
	struct futex_key key;
	uint64_t end;
	uint32_t count;
	bool shared;

	if (!engine->spec->hooks)
		return;
	memset(&key, 0, sizeof(key));
	if (!memory_mapping(engine, task, address, &shared, &end, &key) ||
		!shared)
		return;
	region = new_region(process, address, length ? address + length : end);
	region->dev = key.a;
	region->ino = key.b;
	region->offset = key.offset;
	told = (struct hooks_region){region->low, region->high};
	count = (uint32_t)process->region_count;
	write_state(engine, task,
		offsetof(struct hooks_state, regions) +
			(count - 1) * sizeof(told),
		&told, sizeof(told));
	write_state(engine, task, offsetof(struct hooks_state, region_count),
		&count, sizeof(count));
}

static const struct shared_region *find_region(
	const struct engine *engine, const struct task *task, uint64_t address)
{
	const struct process *process = memory_owner(engine, task);
	size_t i = process->region_count;

	while (i-- > 0) /* a later mapping may lie on an earlier one */
		if (address >= process->regions[i].low &&
			address < process->regions[i].high)
			return &process->regions[i];
	return NULL;
}

bool hooks_is_shared(
	const struct engine *engine, const struct task *task, uint64_t address)
{
	return find_region(engine, task, address) != NULL;
}

/* The mapping's name, and *OFFSET in it; NULL when no other task sees it. */
static const char *name_memory(struct engine *engine, const struct task *task,
	uint64_t address, int64_t *offset)
{
	const struct shared_region *region = find_region(engine, task, address);

	if (region) {
		*offset = (int64_t)(address - region->low + region->offset);
		return names_get(
			&engine->names, "memory", region->dev, region->ino, 0);
	}
	*offset = (int64_t)address;
	if (task->process->threads == 1)
		return NULL;
	return names_get(&engine->names, "memory", UINT64_MAX,
		(uint64_t)task->process->memory, 0);
}

/* The number in these SIZE bytes, as the program would print it. */
static void tell_value(
	const unsigned char *bytes, uint32_t size, char *text, size_t room)
{
	int64_t value = 0;
	unsigned shift = 64 - size * 8;

	*text = '\0';
	if (size != 1 && size != 2 && size != 4 && size != 8)
		return;
	memcpy(&value, bytes, size);
	value = (int64_t)((uint64_t)value << shift) >> shift;
	snprintf(text, room, "%lld", (long long)value);
}

/* Until the task's next stop, see hooks_settle(). */
static void remember_content(struct task *task, uint64_t address,
	const unsigned char *bytes, uint32_t size)
{
	memcpy(task->written, bytes, size);
	task->written_address = address;
	task->written_size = size;
}

void hooks_settle(struct engine *engine, struct task *task)
{
	unsigned char now[sizeof(task->written)];
	uint32_t size = task->written_size;

	if (size == 0)
		return;
	task->written_size = 0;
	if (!memory_read(task, task->written_address, now, size) ||
		memcmp(now, task->written, size) == 0)
		return;
	if (task->plain_store)
		stores_add(
			task, task->written_address, size, task->written, now);
	engine->changes++;
	engine->effects++;
	task->own_effects++;
	idle_progress(&task->idle);
}

/* How many the task may make before its next scheduling point of that sort. */
static uint32_t next_countdown(
	struct engine *engine, struct task *task, bool synchronises)
{
	uint64_t grade = synchronises ? ++engine->attempts / ATTEMPTS_DENSE
				      : ++engine->accesses / ACCESSES_DENSE;
	uint64_t range = 2 * grade * grade * grade;
	bool waits;

	/* the rules must see each access to a file that is mapped */
	if (engine->watched_mapped && !synchronises &&
		engine->accesses < ACCESSES_OF_FILE)
		range = 0;
	else if (engine->spec->some_accesses && !synchronises &&
		 range < SOME_OF)
		range = SOME_OF;
	if (range > 0 || engine->sampled)
		be_quiet(engine, task);
	/* a waiter's state has to come back for its proof */
	waits = task->idle.calls > 0 ||
		(task->nap_saved && task->own_effects == task->nap_own_effects);
	task->skipped = 0;
	if (range == 0 || (waits && task->idle.calls < PROOF_LOOKS))
		return 0;
	task->skipped = schedule_random(&engine->access_random) % range;
	engine_worked(engine, task->skipped);
	return (uint32_t)task->skipped;
}

/* BYTES: the first of what stands there, KNOWN of them. */
static void record_access(struct engine *engine, struct task *task,
	enum hooks_op op, uint32_t size, bool early, const unsigned char *bytes,
	uint32_t known)
{
	static const char *const manners[2][4] = {
		{"read", "write", "atomic-read", "atomic-write"},
		{"some-read", "some-write", "some-atomic-read",
			"some-atomic-write"}};
	struct event event = task_event(engine, EVENT_ACCESS, task);
	char value[24];

	event.object = name_memory(engine, task, task->args[0], &event.offset);
	if (!event.object) {
		/* its other threads have ended */
		const uint32_t threads = 0;

		write_state(engine, task, offsetof(struct hooks_state, threads),
			&threads, sizeof(threads));
		return;
	}
	tell_value(bytes, size <= known ? size : 0, value, sizeof(value));
	event.value = size;
	event.text = value[0] ? value : NULL;
	event.call = early ? "early-read" : manners[engine->sampled][op];
	engine_event(engine, &event);
}

/*
 * The kernel knows no such call and answers ENOSYS, which is a countdown of 0
 * to the runtime: to let it is cheaper than to change the registers.
 */
static enum call_action answer(const struct task *task)
{
	return task->result ? CALL_DONE : CALL_RUN_FREE;
}

/* The memory may be that of a file. */
static void tell_of_file(
	struct engine *engine, struct task *task, enum hooks_op op)
{
	const struct shared_region *region = NULL;

	if (engine->watched_mapped)
		region = find_region(engine, task, task->args[0]);
	if (region)
		file_watch_touch(engine, task, region->dev, region->ino,
			op == HOOKS_WRITE || op == HOOKS_ATOMIC_WRITE);
}

ENTER(hooks_point)
{
	unsigned op = task->args[1] & 0xff;
	uint32_t size = (uint32_t)(task->args[1] >> 8) & HOOKS_SIZE_MAX;

	/* a copy by the library is not one read */
	bool direct = !(task->args[1] & HOOKS_COPY), early = false;
	unsigned char bytes[sizeof(task->written)];
	uint32_t known;

	stores_check(engine, task);
	if (op < HOOKS_ATTEMPT && engine->spec->hooks) {
		early = op == HOOKS_READ && direct &&
			stores_may_wait(engine, task, task->args[0], size);
		known = size < sizeof(bytes) ? size : sizeof(bytes);
		if (!memory_read(task, task->args[0], bytes, known))
			known = 0;
		record_access(engine, task, (enum hooks_op)op, size, early,
			bytes, known);
		task->written_size = 0;
		if (op == HOOKS_WRITE || op == HOOKS_ATOMIC_WRITE)
			remember_content(task, task->args[0], bytes, known);
		tell_of_file(engine, task, (enum hooks_op)op);
	}
	task->plain_store = op == HOOKS_WRITE;
	if (op != HOOKS_READ && op != HOOKS_WRITE)
		stores_drop(task);
	task->result = next_countdown(engine, task, hooks_synchronises(op));
	return early ? CALL_EARLY : answer(task);
}

/* Locks in memory have the names that waiting for them has: "futex:1". */
ENTER(hooks_note)
{
	struct event event = task_event(engine, EVENT_ACQUIRE, task);
	const uint64_t address = task->args[0];
	const struct shared_region *region = find_region(engine, task, address);
	struct futex_key key = {1, (uint64_t)task->process->memory, address, 0};

	if (region)
		key = (struct futex_key){3, region->dev, region->ino,
			region->offset + (address - region->low)};
	task->result = 0;
	if ((task->args[1] & 0xff) == HOOKS_FENCE)
		return answer(task);
	if ((task->args[1] & 0xff) == HOOKS_RELEASED)
		event.kind = EVENT_RELEASE;
	event.object = futex_name(engine, &key);
	event.pc = task->args[2];
	engine_event(engine, &event);
	return answer(task);
}
