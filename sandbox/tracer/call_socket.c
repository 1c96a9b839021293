/*
 * Local sockets: what goes beyond reading and writing.
 *
 * A connect() waits while the listener's queue is full.  It is run with
 * O_NONBLOCK borrowed on the open file description, and asked for again when
 * somebody was accepted.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"
#include "tracer/call_io.h"
#include "tracer/calls.h"
#include "tracer/memory.h"
#include "tracer/wait.h"

#define CONTROL_BYTES 512

/*
 * What waits in a socket is memory of the kernel that belongs to no process.
 * So many may be open at once; with what each may hold, some 50 MiB.
 */
#define SOCKETS_MAX 256

struct inodes {
	unsigned long *items;
	size_t count, capacity;
};

static void add_inode(struct inodes *inodes, unsigned long inode)
{
	size_t i;

	for (i = 0; i < inodes->count; i++)
		if (inodes->items[i] == inode)
			return;
	grow_array(&inodes->items, inodes->count, &inodes->capacity,
		sizeof(*inodes->items));
	inodes->items[inodes->count++] = inode;
}

static void add_sockets_of(struct inodes *inodes, const struct process *process)
{
	char path[40], target[64];
	const struct dirent *entry;
	unsigned long inode;
	DIR *folder;

	snprintf(path, sizeof(path), "/proc/%d/fd", process->tgid);
	folder = opendir(path);
	while (folder && (entry = readdir(folder))) {
		ssize_t length = readlinkat(dirfd(folder), entry->d_name,
			target, sizeof(target) - 1);

		target[length > 0 ? length : 0] = '\0';
		if (sscanf(target, "socket:[%lu]", &inode) == 1)
			add_inode(inodes, inode);
	}
	if (folder)
		closedir(folder);
}

static size_t count_sockets(const struct engine *engine)
{
	struct inodes inodes = {0};
	size_t i;

	for (i = 0; i < engine->alive_count; i++) {
		const struct task *task = engine->alive[i];

		if (task->number == task->process->number &&
			!task->process->dead)
			add_sockets_of(&inodes, task->process);
	}
	free(inodes.items);
	return inodes.count;
}

/* Room for so many more?  Else the call has failed. */
static bool has_room(struct engine *engine, struct task *task, size_t more)
{
	if (engine->sockets + more > SOCKETS_MAX)
		engine->sockets = count_sockets(engine); /* some were closed */
	if (engine->sockets + more > SOCKETS_MAX) {
		engine_note_limit(
			engine, task, "memory", engine->limits.memory_bytes);
		task->progressed = false;
		task->result = -ENFILE;
		return false;
	}
	engine->sockets += more;
	return true;
}

enum call_action enter_socket(struct engine *engine, struct task *task)
{
	return has_room(engine, task, 1) ? CALL_RUN_FREE : CALL_DONE;
}

enum call_action enter_socketpair(struct engine *engine, struct task *task)
{
	return has_room(engine, task, 2) ? CALL_RUN : CALL_DONE;
}

enum call_action enter_connect(struct engine *engine, struct task *task)
{
	struct file file;

	if (task->wait.woken == WAKE_TIMEOUT) {
		task->result = -EAGAIN;
		return CALL_DONE;
	}
	file = file_open(engine, task, (int)task->args[0]);
	if (file.kind == FILE_CHANNEL && !file.nonblocking) {
		fcntl(file.fd, F_SETFL, fcntl(file.fd, F_GETFL) | O_NONBLOCK);
		task->io_fd = file.fd;
		file.fd = -1;
	}
	file_close(&file);
	return CALL_RUN;
}

enum exit_action exit_connect(
	struct engine *engine, struct task *task, long result)
{
	struct file file = {
		.kind = FILE_CHANNEL, .fd = task->io_fd, .mode = S_IFSOCK};
	bool waits = task->io_fd >= 0 && result == -EAGAIN;
	int64_t deadline = CLOCK_NEVER;

	task->progressed = result == 0;
	if (task->io_fd >= 0)
		fcntl(file.fd, F_SETFL, fcntl(file.fd, F_GETFL) & ~O_NONBLOCK);
	if (waits)
		deadline = socket_deadline(engine, &file, SO_SNDTIMEO);
	file_close(&file);
	task->io_fd = -1;
	if (!waits)
		return EXIT_ON;
	task->wait.retry = RETRY_FIFO;
	wait_for(engine, task, WAIT_RETRY, "connection", deadline);
	return EXIT_BLOCK;
}

enum exit_action exit_accept(
	struct engine *engine, struct task *task, long result)
{
	task->progressed = result >= 0;
	if (result >= 0)
		engine_wake_retries(engine, RETRY_FIFO);
	return EXIT_ON;
}

/* One that has to wait for room gets EPIPE now, of which poll() is silent. */
enum exit_action exit_shutdown(
	struct engine *engine, struct task *task, long result)
{
	size_t i;

	task->progressed = result == 0;
	if (result < 0)
		return EXIT_ON;
	engine_wake_retries(engine, RETRY_FIFO);
	for (i = 0; i < engine->count; i++) {
		struct wait *wait = &engine->tasks[i]->wait;
		bool polls = wait->kind == WAIT_POLL && wait->poll_count == 1 &&
			     (wait->polls[0].events & POLLOUT);

		if (polls && wait->woken == WAKE_NOT)
			wait->woken = WAKE_READY;
		wait->tries = polls || wait->kind == WAIT_RETRY;
	}
	return EXIT_ON;
}

/* Has the recvmsg() brought descriptors?  It ends where they are. */
bool socket_passed_rights(const struct task *task)
{
	union {
		char bytes[CONTROL_BYTES];
		struct cmsghdr align;
	} control;
	struct msghdr header;
	struct cmsghdr *message;
	bool found = false;

	if (task->call->number != SYS_recvmsg ||
		!memory_read(task, task->args[1], &header, sizeof(header)) ||
		header.msg_controllen < sizeof(struct cmsghdr) ||
		header.msg_controllen > sizeof(control) ||
		!memory_read(task, (uint64_t)(uintptr_t)header.msg_control,
			control.bytes, header.msg_controllen))
		return false;
	header.msg_control = control.bytes;
	for (message = CMSG_FIRSTHDR(&header); message;
		message = CMSG_NXTHDR(&header, message))
		found |= message->cmsg_level == SOL_SOCKET &&
			 message->cmsg_type == SCM_RIGHTS;
	return found;
}
