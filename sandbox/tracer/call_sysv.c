/*
 * Making and removing System V objects.
 *
 * What they hold is memory of the kernel that belongs to no process: a segment
 * that nobody has attached is in nobody's resident set, semaphores and queues
 * never are.  So each costs, from the moment it is made, the most that it can
 * hold, and all together cost no more than a run may have memory.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/syscall.h>

#include "base/alloc.h"
#include "tracer/calls.h"

/* Of the kernel, for each object, for each semaphore, for a full queue. */
#define SEGMENT_MAX (INT64_C(1) << 40)
#define OBJECT_BYTES 512
#define SEMAPHORE_BYTES 64
#define QUEUE_BYTES (1 << 20)

static const char *const prefixes[] = {
	[SYSV_SEGMENT] = "sysv-shm",
	[SYSV_SEMAPHORES] = "sysv-sem",
	[SYSV_QUEUE] = "sysv-msg",
};

static enum sysv_kind kind_of(int number)
{
	switch (number) {
	case SYS_shmget:
	case SYS_shmctl:
		return SYSV_SEGMENT;
	case SYS_semget:
	case SYS_semctl:
		return SYSV_SEMAPHORES;
	default:
		return SYSV_QUEUE;
	}
}

int64_t sysv_cost(int number, uint64_t size)
{
	switch (kind_of(number)) {
	case SYSV_SEGMENT:
		/* beyond every limit is enough, and sums stay far from theirs
		 */
		return size > SEGMENT_MAX ? SEGMENT_MAX
					  : (int64_t)size + OBJECT_BYTES;
	case SYSV_SEMAPHORES:
		return (int64_t)(uint32_t)size * SEMAPHORE_BYTES + OBJECT_BYTES;
	default:
		return QUEUE_BYTES;
	}
}

static int64_t cost_of(const struct task *task)
{
	return sysv_cost(task->call->number, task->args[1]);
}

static bool may_make(const struct task *task)
{
	int flags = (int)task->args[task->call->number == SYS_msgget ? 1 : 2];

	return (key_t)task->args[0] == IPC_PRIVATE || (flags & IPC_CREAT);
}

/* Has the process the segment attached?  Its number is the inode's there. */
static bool has_attached(const struct process *process, int id)
{
	char path[40], line[512];
	unsigned long inode;
	bool found = false;
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/maps", process->tgid);
	maps = fopen(path, "re");
	while (maps && !found && fgets(line, sizeof(line), maps))
		found = strstr(line, " /SYSV") &&
			sscanf(line, "%*s %*s %*s %*s %lu", &inode) == 1 &&
			inode == (unsigned long)id;
	if (maps)
		fclose(maps);
	return found;
}

static bool is_attached(const struct engine *engine, int id)
{
	size_t i;

	for (i = 0; i < engine->count; i++) {
		const struct task *task = engine->tasks[i];

		if (task->number == task->process->number &&
			!task->process->dead && has_attached(task->process, id))
			return true;
	}
	return false;
}

/* A removed segment lives on until its last user has let it go. */
static void settle(struct engine *engine)
{
	struct sysv *sysv = &engine->sysv;
	size_t kept = 0, i;

	for (i = 0; i < sysv->count; i++) {
		const struct sysv_object *object = &sysv->objects[i];

		if (object->removed &&
			(object->kind != SYSV_SEGMENT ||
				!is_attached(engine, object->id)))
			sysv->bytes -= object->bytes;
		else
			sysv->objects[kept++] = *object;
	}
	sysv->count = kept;
}

enum call_action enter_ipc_get(struct engine *engine, struct task *task)
{
	const int64_t limit = engine->limits.memory_bytes;
	const int64_t cost = cost_of(task);

	if (!may_make(task) || engine->sysv.bytes + cost <= limit)
		return CALL_RUN;
	settle(engine);
	if (engine->sysv.bytes + cost <= limit)
		return CALL_RUN;
	engine_note_limit(engine, task, "memory", limit);
	task->progressed = false;
	task->result = -ENOSPC;
	return CALL_DONE;
}

static void note_object(struct engine *engine, const struct task *task, int id)
{
	const enum sysv_kind kind = kind_of(task->call->number);
	struct sysv *sysv = &engine->sysv;
	size_t i;

	for (i = 0; i < sysv->count; i++)
		if (sysv->objects[i].kind == kind && sysv->objects[i].id == id)
			return;
	grow_array(&sysv->objects, sysv->count, &sysv->capacity,
		sizeof(*sysv->objects));
	sysv->objects[sysv->count++] = (struct sysv_object){
		.kind = kind, .id = id, .bytes = cost_of(task)};
	sysv->bytes += cost_of(task);
}

enum exit_action exit_ipc_get(
	struct engine *engine, struct task *task, long result)
{
	struct event event;

	engine->had_sysv = true;
	if (result < 0)
		return EXIT_ON;
	note_object(engine, task, (int)result);
	event = task_event(engine, EVENT_OPEN, task);
	event.object = names_get(&engine->names,
		prefixes[kind_of(task->call->number)], (uint64_t)result, 0, 0);
	event.call = task->call->name;
	engine_event(engine, &event);
	return EXIT_ON;
}

void sysv_removed(struct engine *engine, enum sysv_kind kind, int id)
{
	size_t i;

	for (i = 0; i < engine->sysv.count; i++)
		if (engine->sysv.objects[i].kind == kind &&
			engine->sysv.objects[i].id == id)
			engine->sysv.objects[i].removed = true;
}

/* All objects are the run's own: who removes one that is there can. */
enum call_action enter_shmctl(struct engine *engine, struct task *task)
{
	if ((int)task->args[1] == IPC_RMID)
		sysv_removed(engine, SYSV_SEGMENT, (int)task->args[0]);
	return CALL_RUN_FREE;
}
