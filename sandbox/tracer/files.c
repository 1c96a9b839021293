/*
 * Descriptors of a tracee, looked at through a duplicate of our own
 * (pidfd_getfd(2)): what it is, whether it is ready, what it is called.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/alloc.h"
#include "tracer/engine.h"

/* The same open file description, kcmp(2); dup and fork keep it. */
static bool same_description(const struct task *task, int theirs, int ours)
{
	return syscall(SYS_kcmp, getpid(), task->process->tgid, KCMP_FILE, ours,
		       theirs) == 0;
}

enum file_kind file_std(
	const struct engine *engine, const struct task *task, int fd)
{
	if (same_description(task, fd, engine->stdout_fd))
		return FILE_STDOUT;
	if (same_description(task, fd, engine->stderr_fd))
		return FILE_STDERR;
	return FILE_NONE;
}

static enum file_kind classify(const struct stat *status)
{
	switch (status->st_mode & S_IFMT) {
	case S_IFREG:
		return FILE_REGULAR;
	case S_IFIFO:
	case S_IFSOCK:
	case 0: /* anonymous inode: eventfd, epoll, signalfd */
		return FILE_CHANNEL;
	case S_IFCHR:
		if (status->st_rdev == makedev(1, 8) ||
			status->st_rdev == makedev(1, 9))
			return FILE_RANDOM;
		return FILE_OTHER;
	default:
		return FILE_OTHER;
	}
}

/*
 * A pidfd.  Its inode differs between kernels: none of a type of its own,
 * or a regular file's; to the program it is neither.
 */
static bool is_pidfd(int fd)
{
	char path[48], target[32];
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	length = readlink(path, target, sizeof(target) - 1);
	target[length > 0 ? length : 0] = '\0';
	return strcmp(target, "anon_inode:[pidfd]") == 0 ||
	       strncmp(target, "pidfd:", 6) == 0;
}

struct file file_open(
	const struct engine *engine, const struct task *task, int fd)
{
	struct file file = {.kind = FILE_NONE, .fd = -1};
	struct stat status;
	int flags;

	file.fd = (int)syscall(SYS_pidfd_getfd, task->process->pidfd, fd, 0);
	if (file.fd < 0)
		return file;
	if (fstat(file.fd, &status) < 0) {
		file_close(&file);
		return file;
	}
	file.dev = status.st_dev;
	file.ino = status.st_ino;
	file.mode = status.st_mode;
	file.kind = classify(&status);
	if (engine->pidfds &&
		((file.mode & S_IFMT) == 0 || file.kind == FILE_REGULAR) &&
		is_pidfd(file.fd)) {
		file.kind = FILE_OTHER;
		file.mode = S_IFCHR;
		return file;
	}
	if (file.kind == FILE_OTHER || file.kind == FILE_CHANNEL) {
		enum file_kind standard = file_std(engine, task, fd);

		if (standard != FILE_NONE)
			file.kind = standard;
	}
	if (file.kind != FILE_CHANNEL && (file.mode & S_IFMT) != S_IFREG)
		return file;
	flags = fcntl(file.fd, F_GETFL);
	file.nonblocking = flags >= 0 && (flags & O_NONBLOCK);
	file.readable = (flags & O_ACCMODE) != O_WRONLY;
	file.writable = (flags & O_ACCMODE) != O_RDONLY;
	return file;
}

void file_close(struct file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
}

const char *file_path_shown(const char *path)
{
	if (strncmp(path, "/work/", 6) == 0)
		path += 6;
	while (path[0] == '.' && path[1] == '/') {
		path += 2;
		while (*path == '/')
			path++;
	}
	return path;
}

/* eventfds share an inode; the kernel tells them apart in fdinfo. */
uint64_t file_eventfd_id(int fd)
{
	char path[48], line[64];
	unsigned long long id = UINT64_MAX;
	FILE *info;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	info = fopen(path, "re");
	while (info && fgets(line, sizeof(line), info))
		if (sscanf(line, "eventfd-id: %llu", &id) == 1)
			break;
	if (info)
		fclose(info);
	return id;
}

/* The mask of a signalfd, 0 when it is none. */
static uint64_t signalfd_mask(const struct file *file)
{
	char path[48], line[64];
	unsigned long long mask = 0;
	FILE *info;

	if ((file->mode & S_IFMT) != 0)
		return 0;
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", file->fd);
	info = fopen(path, "re");
	while (info && fgets(line, sizeof(line), info))
		if (sscanf(line, "sigmask: %llx", &mask) == 1)
			break;
	if (info)
		fclose(info);
	return mask;
}

int poll_now(struct pollfd *fds, size_t count)
{
	int ready;

	do
		ready = poll(fds, (nfds_t)count, 0);
	while (ready < 0 && errno == EINTR);
	return ready;
}

bool file_ready(const struct task *task, const struct file *file, short events)
{
	struct pollfd ready = {file->fd, events, 0};
	uint64_t mask = signalfd_mask(file);

	/* polled by us it would speak of our own signals */
	if (mask)
		return (signals_pending(task) & mask) != 0;
	return poll_now(&ready, 1) != 0;
}

void wait_on_fd(struct task *task, struct file *file, short events)
{
	struct wait *wait = &task->wait;
	uint64_t mask = signalfd_mask(file);

	if (mask) {
		wait->accepts |= mask;
		file_close(file);
		return;
	}
	wait->polls = xreallocarray(
		wait->polls, wait->poll_count + 1, sizeof(*wait->polls));
	wait->polls[wait->poll_count++] = (struct pollfd){file->fd, events, 0};
	file->fd = -1;
}

static const char *path_of(const struct file *file, char *text, size_t size)
{
	char link[48];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", file->fd);
	length = readlink(link, text, size - 1);
	if (length < 0)
		return NULL;
	text[length] = '\0';
	return file_path_shown(text);
}

const char *file_name(struct engine *engine, const struct file *file)
{
	const char *name =
		names_find(&engine->names, "inode", file->dev, file->ino, 0);
	char path[4096];
	const char *shown;

	if (name)
		return name;
	switch (file->mode & S_IFMT) {
	case S_IFIFO:
		return names_get(
			&engine->names, "pipe", file->dev, file->ino, 0);
	case S_IFSOCK:
		return names_get(
			&engine->names, "socket", file->dev, file->ino, 0);
	case 0:
		return names_get(&engine->names, "eventfd", file->dev,
			file->ino, file_eventfd_id(file->fd));
	default:
		break;
	}
	shown = path_of(file, path, sizeof(path));
	return names_set(&engine->names, "inode", file->dev, file->ino, 0,
		shown ? shown : "file");
}
