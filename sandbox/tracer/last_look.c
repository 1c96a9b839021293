/*
 * The end of a task: stores that are under way arrive, what it has used is
 * added up, and who waits for its locks is found.
 *
 * The C library chains its open streams, so that exit() can flush them all.
 * Whatever still lies in one of them when a process ends is lost.
 */
#include "tracer/last_look.h"

#include "tracer/call_futex.h"
#include "tracer/files.h"
#include "tracer/memory.h"
#include "tracer/stores.h"

#define STREAMS_MAX 64

/* The words of a struct _IO_FILE of the GNU C library. */
enum { FILE_WRITE_BASE = 4, FILE_WRITE_NEXT = 5, FILE_CHAIN = 13, FILE_NUMBER };

void last_look_at_buffers(struct engine *engine, const struct task *task)
{
	const struct process *process = task->process;
	uint64_t words[FILE_NUMBER + 1], stream;
	int i;

	/* what a vfork child leaves is its parent's */
	if (!engine->spec->streams || process->memory != process->number ||
		engine->out->buffer_lost ||
		!memory_words(task, engine->spec->streams, &stream, 1))
		return;
	for (i = 0; stream && i < STREAMS_MAX; i++) {
		if (!memory_words(task, stream, words, FILE_NUMBER + 1))
			return;
		if (words[FILE_WRITE_NEXT] > words[FILE_WRITE_BASE] &&
			file_std(engine, task, (int)words[FILE_NUMBER]) ==
				FILE_STDOUT) {
			engine->out->buffer_lost = true;
			return;
		}
		stream = words[FILE_CHAIN];
	}
}

void last_look(struct engine *engine, struct task *task)
{
	if (task->exiting)
		return;
	task->exiting = true;
	stores_arrive_all(engine);
	engine->cpu_ns += engine_task_cpu_ns(task);
	futex_note_robust_list(engine, task);
	if (!engine->quiet)
		last_look_at_buffers(engine, task);
}
