/*
 * The end of a task: stores that are under way arrive, what it has used is
 * added up, and who waits for its locks is found.
 *
 * The C library chains its open streams, so that exit() can flush them all.
 * Whatever still lies in one of them when a process ends is lost, and when it
 * is copied by fork(), both processes have it.
 */
#include "tracer/last_look.h"

#include "base/alloc.h"
#include "tracer/call_futex.h"
#include "tracer/files.h"
#include "tracer/memory.h"
#include "tracer/stores.h"

#define STREAMS_MAX 64
#define COPIED_MAX 2048 /* bytes; half of a buffer: more is as telling */

/* The words of a struct _IO_FILE of the GNU C library. */
enum { FILE_WRITE_BASE = 4, FILE_WRITE_NEXT = 5, FILE_CHAIN = 13, FILE_NUMBER };

/* A stream that holds output for standard output; false: there is none. */
static bool find_full_stream(
	struct engine *engine, const struct task *task, uint64_t *words)
{
	uint64_t stream;

	if (!engine->spec->streams ||
		!memory_words(task, engine->spec->streams, &stream, 1))
		return false;
	for (int i = 0; stream && i < STREAMS_MAX; i++) {
		if (!memory_words(task, stream, words, FILE_NUMBER + 1))
			return false;
		if (words[FILE_WRITE_NEXT] > words[FILE_WRITE_BASE] &&
			file_std(engine, task, (int)words[FILE_NUMBER]) ==
				FILE_STDOUT)
			return true;
		stream = words[FILE_CHAIN];
	}
	return false;
}

void last_look_at_buffers(struct engine *engine, const struct task *task)
{
	const struct process *process = task->process;
	uint64_t words[FILE_NUMBER + 1];

	/* what a vfork child leaves is its parent's */
	if (process->memory == process->number && !engine->out->buffer_lost)
		engine->out->buffer_lost =
			find_full_stream(engine, task, words);
}

void last_look_before_copy(struct engine *engine, const struct task *task)
{
	uint64_t words[FILE_NUMBER + 1];
	char text[COPIED_MAX + 1];
	size_t length;

	if (engine->out->copied || !find_full_stream(engine, task, words))
		return;
	length = words[FILE_WRITE_NEXT] - words[FILE_WRITE_BASE];
	if (length > COPIED_MAX)
		length = COPIED_MAX;
	length = memory_read_some(task, words[FILE_WRITE_BASE], text, length);
	text[length] = '\0';
	engine->out->copied = xstrdup(text);
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
