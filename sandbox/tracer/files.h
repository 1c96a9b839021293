/*
 * What a descriptor of a task refers to, what it is called, and whether it can
 * be read or written without waiting.
 */
#ifndef TRACER_FILES_H
#define TRACER_FILES_H

#include "tracer/engine.h"

enum file_kind {
	FILE_NONE, /* bad descriptor */
	FILE_STDOUT,
	FILE_STDERR,
	FILE_REGULAR,
	FILE_CHANNEL, /* pipe, FIFO, socket, eventfd: may block */
	FILE_RANDOM,  /* /dev/random, /dev/urandom */
	FILE_OTHER,
};
struct file {
	enum file_kind kind;
	int fd; /* our duplicate, -1 */
	uint64_t dev, ino;
	unsigned mode;
	bool nonblocking; /* these three of a regular file by
			     file_read_flags() only */
	bool readable, writable;
};
struct file file_open(
	const struct engine *engine, const struct task *task, int fd);
void file_read_flags(struct file *file);
void file_close(struct file *file);
enum file_kind file_std(
	const struct engine *engine, const struct task *task, int fd);
/* poll(2) without waiting; no signal of ours may disturb it. */
int poll_now(struct pollfd *fds, size_t count);
bool file_ready(const struct task *task, const struct file *file, short events);
uint64_t file_eventfd_id(int fd);
bool file_is_epoll(const struct file *file);
/* Waits for EVENTS on the file; takes its descriptor over. */
void wait_on_fd(struct task *task, struct file *file, short events);

/*
 * Of a task that waits for a pipe's data: a live process that has the write
 * end open, so that the end of file does not come.  One that reads the same
 * pipe itself, the task's own above all, only when there is no other.  -1 when
 * the task waits for something else.
 */
int pipe_writer(const struct engine *engine, const struct task *task);
const char *file_name(struct engine *engine, const struct file *file);
/*
 * Before the first task runs: what stands on standard input is called "stdin"
 * in the trace, and what standard output is will be known again.
 */
void file_note_streams(struct engine *engine);
/* A path as the trace shows it: without "./" and "/work/". */
const char *file_path_shown(const char *path);

#endif
