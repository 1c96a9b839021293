/*
 * What is missing is told apart from what is nowhere: a file of a process that
 * has ended, or of a name that no machine has, is missing natively too, and so
 * is a program that the submission was to bring along.
 *
 * The C library looks at a few such files of its own accord (how many
 * processors there are, how much memory), and does without.  A program that
 * calls it has asked for nothing, so these are left out.
 */
#define _GNU_SOURCE
#include "tracer/missing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tracer/files.h"
#include "tracer/memory.h"
#include "tracer/task.h"

#define PATH_BYTES 4096

/* Those that an ordinary user may open; "x/": all below x. */
static const char *const devices[] = {"tty", "ptmx", "pts/", NULL};

/* Without stat, cpuinfo, meminfo, loadavg, mounts, sys/: see above. */
static const char *const system_files[] = {"uptime", "version", "cmdline",
	"filesystems", "partitions", "diskstats", "interrupts", "softirqs",
	"locks", "vmstat", "swaps", "sysvipc/", "net/", "devices", "modules",
	"misc", "crypto", "consoles", "cgroups", "buddyinfo", "zoneinfo",
	"schedstat", "pressure/", "tty/", "driver/", "fs/", "bus/", "ioports",
	"iomem", "kallsyms", "config.gz", "key-users", "execdomains", "fb",
	"dma", NULL};

static const char *const writable_folders[] = {
	"/work/", "/tmp/", "/dev/shm/", NULL};

static const char *after(const char *path, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncmp(path, prefix, length) == 0 ? path + length : NULL;
}

static bool is_one_of(const char *name, const char *const *names)
{
	for (; *names; names++) {
		size_t length = strlen(*names);

		if ((*names)[length - 1] == '/'
				? strncmp(name, *names, length) == 0
				: strcmp(name, *names) == 0)
			return true;
	}
	return false;
}

static bool is_below(const char *path, const char *const *folders)
{
	for (; *folders; folders++)
		if (after(path, *folders))
			return true;
	return false;
}

/* The decimal number at TEXT and what follows it, or -1. */
static long number_at(const char *text, const char **rest)
{
	char *end;
	long number;

	*rest = text;
	if (*text < '0' || *text > '9')
		return -1;
	errno = 0;
	number = strtol(text, &end, 10);
	*rest = end;
	return errno == 0 && number <= INT32_MAX ? number : -1;
}

/* "fd/1" of /proc/self/fd/1; NULL: no file of the process' own. */
static const char *own_file(const char *path, long own_pid)
{
	const char *name = after(path, "/proc/self/"), *rest;

	if (!name)
		name = after(path, "/proc/thread-self/");
	if (name || !(name = after(path, "/proc/")))
		return name;
	return number_at(name, &rest) == own_pid ? after(rest, "/") : NULL;
}

int missing_named_descriptor(const char *path, long pid)
{
	static const char *const names[] = {
		"/dev/stdin", "/dev/stdout", "/dev/stderr"};
	const char *name = own_file(path, pid), *rest;
	long fd;

	for (int i = 0; i < 3; i++)
		if (strcmp(path, names[i]) == 0)
			return i;
	name = name ? after(name, "fd/") : after(path, "/dev/fd/");
	if (!name)
		return -1;
	fd = number_at(name, &rest);
	return *rest == '\0' ? (int)fd : -1;
}

static long own_pid(const struct engine *engine, const struct task *task)
{
	return process_leader(engine, task->process)->inner_tid;
}

int missing_named_stream(struct engine *engine, const struct task *task,
	uint64_t address, int flags)
{
	char path[64];
	int fd;

	if ((flags & (O_PATH | O_DIRECTORY | O_NOFOLLOW)) ||
		!memory_string(task, address, path, sizeof(path)))
		return -1;
	fd = missing_named_descriptor(path, own_pid(engine, task));
	return fd >= 0 && file_is_stream(engine, task, fd, flags) ? fd : -1;
}

/*
 * getpass() opens the terminal that way, as nobody else makes it anew; and so
 * does what tells of a broken heap or stack in older C libraries.  Both do
 * without.
 */
static bool is_of_library(const char *path, int flags)
{
	return strcmp(path, "/dev/tty") == 0 &&
	       (((flags & O_CREAT) && (flags & O_CLOEXEC)) ||
		       ((flags & O_NOCTTY) && (flags & O_NONBLOCK)));
}

/* A process of the run that has files in /proc. */
static bool is_live_process(const struct engine *engine, const char *path)
{
	const char *rest;
	const char *name = after(path, "/proc/");
	const struct task *task;
	long pid = name ? number_at(name, &rest) : -1;

	task = pid > 0 ? task_by_inner(engine, (pid_t)pid) : NULL;
	return task && !task->process->dead;
}

static bool is_open_descriptor(
	const struct engine *engine, const struct task *task, int fd)
{
	struct file file = file_open(engine, task, fd);
	bool is_open = file.fd >= 0;

	file_close(&file);
	return is_open;
}

static bool is_missing_file(const struct engine *engine,
	const struct task *task, const char *path, int error)
{
	const char *name;
	int fd = missing_named_descriptor(path, own_pid(engine, task));

	if (fd >= 0)
		return is_open_descriptor(engine, task, fd);
	if ((name = after(path, "/dev/")) != NULL)
		return is_one_of(name, devices);
	if (own_file(path, own_pid(engine, task)) ||
		is_live_process(engine, path))
		return error == EACCES;
	name = after(path, "/proc/");
	return name && is_one_of(name, system_files);
}

static void note(
	struct engine *engine, struct task *task, const char *path, int error)
{
	struct event event;

	if (engine->refusals >= REFUSALS_MAX)
		return;
	engine->refusals++;
	event = task_event(engine, EVENT_DENIED, task);
	/* posix_spawn() does this on a stack of its own, for who called it */
	for (size_t i = 0; event.pc == 0 && i < engine->count; i++)
		if (engine->tasks[i]->state == TASK_VFORK &&
			engine->tasks[i]->vfork_child == task->number)
			event.pc = engine->tasks[i]->pc;
	event.call = task->call->name;
	event.object = path;
	event.value = error;
	engine_event(engine, &event);
}

void missing_note_open(struct engine *engine, struct task *task,
	uint64_t address, int flags, long result)
{
	char path[PATH_BYTES];

	/* to create it is refused before anybody says that it is not there */
	if (result == -EROFS)
		result = -ENOENT;
	if ((result != -ENOENT && result != -EACCES) ||
		!memory_string(task, address, path, sizeof(path)) ||
		path[0] != '/' || is_of_library(path, flags))
		return;
	if (is_missing_file(engine, task, path, (int)-result))
		note(engine, task, path, (int)-result);
}

/* Who looks for a program in several folders is told of it once. */
static bool is_noted(const struct engine *engine, const struct task *task,
	const char *program)
{
	const struct trace *trace = &engine->out->trace;
	size_t i = trace->event_count;

	while (i-- > 0) {
		const struct event *event = &trace->events[i];

		if (event->task != task->number)
			continue;
		return event->kind == EVENT_DENIED && event->object &&
		       strcmp(basename(event->object), program) == 0;
	}
	return false;
}

void missing_note_program(
	struct engine *engine, struct task *task, uint64_t address, long result)
{
	char path[PATH_BYTES];
	const char *program;

	if ((result != -ENOENT && result != -EACCES) ||
		!memory_string(task, address, path, sizeof(path)) ||
		path[0] != '/')
		return;
	program = basename(path);
	/* what it has made itself may not be executed here */
	if (is_below(path, writable_folders) && result != -EACCES)
		return;
	/* on its way to itself */
	if (strcmp(program, basename(engine->spec->argv[0])) == 0 ||
		is_noted(engine, task, program))
		return;
	note(engine, task, path, (int)-result);
}
