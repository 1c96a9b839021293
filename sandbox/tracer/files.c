/*
 * Descriptors of a tracee, looked at through a duplicate of our own
 * (pidfd_getfd(2)): what it is, whether it is ready, what it is called.
 *
 * A program asks of the same descriptor again and again, and what it refers to
 * changes by system calls that we see.  So our duplicates of regular files are
 * kept with the process, and which descriptors are the streams of the run is
 * remembered.  Nothing is kept of pipes and the like: our duplicate of an end
 * would keep the other side from seeing that it was closed.  A duplicate of a
 * file keeps its flock, but no longer than until the task closes it or ends.
 */
#define _GNU_SOURCE
#include "tracer/files.h"

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
#include "tracer/wait.h"

/* The same open file description, kcmp(2); dup and fork keep it. */
static bool same_description(const struct engine *engine,
	const struct task *task, int theirs, int ours)
{
	return syscall(SYS_kcmp, engine->own_pid, task->process->tgid,
		       KCMP_FILE, ours, theirs) == 0;
}

static enum file_kind find_std(
	const struct engine *engine, const struct task *task, int fd)
{
	if (same_description(engine, task, fd, engine->stdout_fd))
		return FILE_STDOUT;
	if (same_description(engine, task, fd, engine->stderr_fd))
		return FILE_STDERR;
	return FILE_NONE;
}

/* Who shares descriptors with another process has them changed by that. */
static bool is_remembered(const struct engine *engine, int fd)
{
	return !engine->files_shared && fd >= 0 && fd < STREAMS_KNOWN_MAX;
}

/* 1 + kind, 0: not known; so a descriptor that is none is 1 + FILE_NONE. */
enum file_kind file_std(
	const struct engine *engine, const struct task *task, int fd)
{
	enum file_kind kind;

	if (!is_remembered(engine, fd))
		return find_std(engine, task, fd);
	if (task->process->streams[fd])
		return (enum file_kind)(task->process->streams[fd] - 1);
	kind = find_std(engine, task, fd);
	/* a number that stands for nothing may stand for something any time */
	if (kind != FILE_NONE)
		task->process->streams[fd] = (unsigned char)(1 + kind);
	return kind;
}

bool file_is_stream(
	const struct engine *engine, const struct task *task, int fd, int flags)
{
	if (file_std(engine, task, fd) != FILE_NONE)
		return true;
	return (flags & O_ACCMODE) == O_RDONLY &&
	       same_description(engine, task, fd, engine->stdin_fd);
}

static struct file *find_kept(const struct process *process, int fd)
{
	for (size_t i = 0; i < FILES_KEPT_MAX; i++)
		if (process->kept[i].file && process->kept[i].fd == fd)
			return process->kept[i].file;
	return NULL;
}

bool file_known(const struct engine *engine, const struct task *task, int fd,
	struct file *file)
{
	const struct process *process = task->process;
	const struct file *kept = find_kept(process, fd);
	unsigned stream = 0;

	if (is_remembered(engine, fd))
		stream = process->streams[fd];
	if (stream)
		kept = &engine->streams[stream - 1 - FILE_STDOUT];
	if (!kept)
		return false;
	*file = *kept;
	file->borrowed = true;
	return true;
}

/* With so few tasks there are descriptors enough, whatever they do. */
#define TASKS_KEEPING 16

static void keep(const struct engine *engine, struct process *process, int fd,
	struct file *file)
{
	size_t i = 0;

	if (engine->files_shared || engine->live > TASKS_KEEPING)
		return;
	while (i < FILES_KEPT_MAX && process->kept[i].file)
		i++;
	if (i == FILES_KEPT_MAX)
		return;
	file->borrowed = true;
	process->kept[i].fd = fd;
	process->kept[i].file = xmalloc(sizeof(*file));
	*process->kept[i].file = *file;
}

static void drop(struct kept_file *kept)
{
	close(kept->file->fd);
	free(kept->file);
	kept->file = NULL;
}

void file_opened(const struct task *task, int fd, uint64_t nth)
{
	struct file *kept = find_kept(task->process, fd);

	if (kept)
		kept->opening = nth;
}

bool file_differs(const struct process *one, int fd,
	const struct process *other, int other_fd)
{
	const struct file *a = find_kept(one, fd);
	const struct file *b = find_kept(other, other_fd);

	return a && b && a->opening && b->opening && a->opening != b->opening;
}

void file_forget(struct process *process, int fd)
{
	for (size_t i = 0; i < FILES_KEPT_MAX; i++)
		if (process->kept[i].file && process->kept[i].fd == fd)
			drop(&process->kept[i]);
	if (fd >= 0 && fd < STREAMS_KNOWN_MAX)
		process->streams[fd] = 0;
}

void file_forget_all(struct process *process)
{
	for (size_t i = 0; i < FILES_KEPT_MAX; i++)
		if (process->kept[i].file)
			drop(&process->kept[i]);
	memset(process->streams, 0, sizeof(process->streams));
}

void file_inherit(struct process *child, const struct process *parent)
{
	memcpy(child->streams, parent->streams, sizeof(child->streams));
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

/* What /proc calls our descriptor of a file that has no name. */
static void read_link(int fd, char *target, size_t size)
{
	char path[48];
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	length = readlink(path, target, size - 1);
	target[length > 0 ? length : 0] = '\0';
}

bool file_is_epoll(const struct file *file)
{
	char target[32];

	if (file->kind != FILE_CHANNEL || (file->mode & S_IFMT) != 0)
		return false;
	read_link(file->fd, target, sizeof(target));
	return strcmp(target, "anon_inode:[eventpoll]") == 0;
}

/*
 * A pidfd.  Its inode differs between kernels: none of a type of its own,
 * or a regular file's; to the program it is neither.
 */
static bool is_pidfd(int fd)
{
	char target[32];

	read_link(fd, target, sizeof(target));
	return strcmp(target, "anon_inode:[pidfd]") == 0 ||
	       strncmp(target, "pidfd:", 6) == 0;
}

/* Cheaper than to compare descriptions, and rarely so. */
static bool is_like_std(const struct engine *engine, const struct stat *status)
{
	if (S_ISCHR(status->st_mode))
		return true;
	return S_ISFIFO(status->st_mode) &&
	       status->st_ino == engine->pipe_ino &&
	       status->st_dev == engine->pipe_dev;
}

void file_read_flags(struct file *file)
{
	int flags = fcntl(file->fd, F_GETFL);

	file->nonblocking = flags >= 0 && (flags & O_NONBLOCK);
	file->readable = (flags & O_ACCMODE) != O_WRONLY;
	file->writable = (flags & O_ACCMODE) != O_RDONLY;
}

struct file file_open(
	const struct engine *engine, const struct task *task, int fd)
{
	struct file file = {.kind = FILE_NONE, .fd = -1};
	struct stat status;

	if (file_known(engine, task, fd, &file))
		return file;
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
	if (is_like_std(engine, &status)) {
		enum file_kind standard = file_std(engine, task, fd);

		if (standard != FILE_NONE)
			file.kind = standard;
	}
	if (file.kind == FILE_CHANNEL)
		file_read_flags(&file);
	if (file.kind == FILE_REGULAR)
		keep(engine, task->process, fd, &file);
	return file;
}

void file_close(struct file *file)
{
	if (file->fd >= 0 && !file->borrowed)
		close(file->fd);
	file->fd = -1;
}

int file_take(struct file *file)
{
	int fd = file->fd;

	if (file->borrowed)
		fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	file->fd = -1;
	return fd;
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

/*
 * What an epoll set with signalfds is made of: polled by us as a whole, it
 * would speak of our own signals.
 */
struct members {
	uint64_t mask;         /* of the signalfds, 0: there is none */
	struct pollfd *others; /* our duplicates, owned */
	size_t count;
};

static void members_release(struct members *members)
{
	size_t i;

	for (i = 0; i < members->count; i++)
		close(members->others[i].fd);
	free(members->others);
}

static void add_member(struct members *members, const struct task *task,
	int theirs, short events)
{
	struct file file = {.fd = -1};
	struct stat status;
	uint64_t mask;

	file.fd =
		(int)syscall(SYS_pidfd_getfd, task->process->pidfd, theirs, 0);
	if (file.fd < 0 || fstat(file.fd, &status) < 0)
		return;
	file.mode = status.st_mode;
	mask = signalfd_mask(&file);
	members->mask |= mask;
	if (mask) {
		file_close(&file);
		return;
	}
	members->others = xreallocarray(
		members->others, members->count + 1, sizeof(*members->others));
	members->others[members->count++] = (struct pollfd){file.fd, events, 0};
}

/* Of a file that is no such set, nothing. */
static struct members epoll_members(
	const struct task *task, const struct file *file)
{
	struct members members = {0, NULL, 0};
	char path[48], line[160];
	unsigned events;
	FILE *info;
	int theirs;

	if ((file->mode & S_IFMT) != 0)
		return members;
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", file->fd);
	info = fopen(path, "re");
	while (info && fgets(line, sizeof(line), info))
		if (sscanf(line, "tfd: %d events: %x", &theirs, &events) == 2)
			add_member(&members, task, theirs, (short)events);
	if (info)
		fclose(info);
	if (members.mask)
		return members;
	members_release(&members);
	return (struct members){0, NULL, 0};
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
	struct members members;
	bool is_ready;

	/* polled by us it would speak of our own signals */
	if (mask)
		return (signals_pending(task) & mask) != 0;
	members = epoll_members(task, file);
	if (!members.mask)
		return poll_now(&ready, 1) != 0;
	is_ready = (signals_pending(task) & members.mask) ||
		   poll_now(members.others, members.count) != 0;
	members_release(&members);
	return is_ready;
}

static void add_polls(
	struct wait *wait, const struct pollfd *added, size_t count)
{
	if (count == 0)
		return;
	wait->polls = xreallocarray(
		wait->polls, wait->poll_count + count, sizeof(*wait->polls));
	memcpy(wait->polls + wait->poll_count, added, count * sizeof(*added));
	wait->poll_count += count;
}

void wait_on_fd(struct task *task, struct file *file, short events)
{
	struct members members = {signalfd_mask(file), NULL, 0};
	struct pollfd whole = {-1, events, 0};

	if (!members.mask)
		members = epoll_members(task, file);
	task->wait.accepts |= members.mask;
	if (members.mask) {
		add_polls(&task->wait, members.others, members.count);
		free(members.others); /* what it refers to is the wait's */
		file_close(file);
		return;
	}
	whole.fd = file_take(file);
	add_polls(&task->wait, &whole, 1);
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

static struct file note_stream(enum file_kind kind, int fd)
{
	struct file file = {.kind = kind, .fd = fd, .borrowed = true};
	struct stat status;

	if (fstat(fd, &status) == 0) {
		file.dev = status.st_dev;
		file.ino = status.st_ino;
		file.mode = status.st_mode;
	}
	return file;
}

void file_note_streams(struct engine *engine)
{
	struct stat status;

	engine->own_pid = getpid();
	engine->streams = xcalloc(2, sizeof(*engine->streams));
	engine->streams[0] = note_stream(FILE_STDOUT, engine->stdout_fd);
	engine->streams[1] = note_stream(FILE_STDERR, engine->stderr_fd);
	if (fstat(engine->stdout_fd, &status) == 0 &&
		S_ISFIFO(status.st_mode)) {
		engine->pipe_dev = status.st_dev;
		engine->pipe_ino = status.st_ino;
	}
	if (fstat(engine->jail->work_fd, &status) == 0)
		engine->work_dev = status.st_dev;
	if (fstat(engine->stdin_fd, &status) == 0 && S_ISFIFO(status.st_mode))
		names_set(&engine->names, "inode", status.st_dev, status.st_ino,
			0, "stdin");
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
