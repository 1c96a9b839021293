/*
 * Who keeps the write end of a pipe open that somebody reads for ever: asked
 * only once nothing can run any more, so walking /proc costs nothing.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>

#include "tracer/engine.h"
#include "tracer/files.h"

/* The pipe or FIFO whose data or end of file the task waits for. */
static bool pipe_waited_for(const struct task *task, struct stat *pipe)
{
	const struct wait *wait = &task->wait;

	return wait->kind == WAIT_POLL && wait->poll_count == 1 &&
	       (wait->polls[0].events & POLLIN) &&
	       fstat(wait->polls[0].fd, pipe) == 0 && S_ISFIFO(pipe->st_mode);
}

/* The link in /proc/PID/fd is writable when the descriptor is. */
static bool has_write_end(
	const struct process *process, const struct stat *pipe)
{
	char path[48];
	struct dirent *entry;
	bool found = false;
	DIR *folder;

	snprintf(path, sizeof(path), "/proc/%d/fd", process->tgid);
	folder = opendir(path);
	if (!folder)
		return false;
	while (!found && (entry = readdir(folder)) != NULL) {
		struct stat file, link;

		found = fstatat(dirfd(folder), entry->d_name, &file, 0) == 0 &&
			S_ISFIFO(file.st_mode) && file.st_dev == pipe->st_dev &&
			file.st_ino == pipe->st_ino &&
			fstatat(dirfd(folder), entry->d_name, &link,
				AT_SYMLINK_NOFOLLOW) == 0 &&
			(link.st_mode & S_IWUSR);
	}
	closedir(folder);
	return found;
}

/* How well it answers the question why the end of file does not come. */
static int rank_holder(const struct task *waiter, const struct task *holder,
	const struct stat *pipe)
{
	struct stat own;

	if (holder->process == waiter->process)
		return 1;
	if (pipe_waited_for(holder, &own) && own.st_dev == pipe->st_dev &&
		own.st_ino == pipe->st_ino)
		return 2;
	return 3;
}

int pipe_writer(const struct engine *engine, const struct task *task)
{
	struct stat pipe;
	int best = 0, writer = -1;
	size_t i;

	if (!pipe_waited_for(task, &pipe))
		return -1;
	for (i = 0; i < engine->count; i++) {
		const struct task *other = engine->tasks[i];
		int rank;

		if (other->number != other->process->number ||
			other->process->dead ||
			!has_write_end(other->process, &pipe))
			continue;
		rank = rank_holder(task, other, &pipe);
		if (rank > best) {
			best = rank;
			writer = other->number;
		}
	}
	return writer;
}
