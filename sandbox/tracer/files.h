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
	int fd;        /* our duplicate, -1 */
	bool borrowed; /* it is kept for the next question: not to be closed */
	uint64_t dev, ino;
	unsigned mode;
	uint64_t opening; /* the number of the open that made it, 0: unknown */
	bool nonblocking; /* these three of a regular file by
			     file_read_flags() only */
	bool readable, writable;
};

/*
 * What the descriptor of the task is; to be closed.  Regular files and the
 * streams of the run are remembered, so whoever lets a descriptor number stand
 * for something else says so first: file_forget().
 */
struct file file_open(
	const struct engine *engine, const struct task *task, int fd);
void file_read_flags(struct file *file);
void file_close(struct file *file);
/* Its descriptor, which is the caller's from here on. */
int file_take(struct file *file);
/* FD is what an open of the task, the nth of the run, has just returned. */
void file_opened(const struct task *task, int fd, uint64_t nth);
/* Surely not one open file description. */
bool file_differs(const struct process *one, int fd,
	const struct process *other, int other_fd);
/* Nothing is known any more of a descriptor of the process, or of all. */
void file_forget(struct process *process, int fd);
void file_forget_all(struct process *process);
/* CHILD has been made with copies of all descriptors of PARENT. */
void file_inherit(struct process *child, const struct process *parent);
/* Remembered: dev, ino and mode of a descriptor, without a look at it. */
bool file_known(const struct engine *engine, const struct task *task, int fd,
	struct file *file);
/* FILE_STDOUT, FILE_STDERR, or FILE_NONE for all others. */
enum file_kind file_std(
	const struct engine *engine, const struct task *task, int fd);
/*
 * Does the descriptor stand for one of the three streams of the run, so that
 * to open that once more with these FLAGS gives the same as dup(2)?
 */
bool file_is_stream(const struct engine *engine, const struct task *task,
	int fd, int flags);
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
