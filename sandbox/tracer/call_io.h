/*
 * What calls that read and calls that write have in common.
 *
 * Regular files are the kernel's business, looked at afterwards.  Channels
 * (pipes, sockets, eventfds) are entered when they are ready.
 *
 * A socket may have a time-out of its own (SO_RCVTIMEO, SO_SNDTIMEO), asked
 * for at the moment when a call has to wait: it is virtual here.
 */
#ifndef TRACER_CALL_IO_H
#define TRACER_CALL_IO_H

#include "tracer/engine.h"
#include "tracer/files.h"
#include "tracer/segments.h"

/* Notes the file that the call at which the task stands works on. */
void io_note_file(struct task *task, const struct file *file);
/* Does the call itself say that it is not to wait, or can it not wait? */
bool io_asks_not_to_wait(const struct task *task);
bool io_is_stream(const struct file *file);
/*
 * As segments_aim_at_rest(), for a socket, where there are flags, and no
 * address.
 */
bool io_aim_socket_at_rest(struct task *task, const struct segments *from,
	long number, uint64_t flags);
/* When a call on the socket gives up; OPTION: SO_RCVTIMEO or SO_SNDTIMEO. */
int64_t socket_deadline(
	const struct engine *engine, const struct file *file, int option);
/* Marks the task as waiting for the file; takes its descriptor over. */
enum call_action io_wait_for_file(struct engine *engine, struct task *task,
	struct file *file, short events, int64_t deadline_ns);
/* The call has moved LENGTH bytes, of its segments those from FROM on. */
void io_event(struct engine *engine, struct task *task, enum event_kind kind,
	uint64_t from, long length);
/*
 * Carries out the read, or write, that will not wait, by itself, where that is
 * simple: a stop of the task costs more than all of it.  True: it is done,
 * told, and has its result.
 */
bool io_read_here(
	struct engine *engine, struct task *task, const struct file *file);
bool io_write_here(
	struct engine *engine, struct task *task, const struct file *file);
bool io_write_file_here(
	struct engine *engine, struct task *task, const struct file *file);

#endif
