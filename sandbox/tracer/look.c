/*
 * What can be seen of a process from outside at one moment: its session, its
 * folder, its mask, its standard descriptors; which processes hold the pipe
 * that standard output is; and the files of the working folder.  Every task
 * stands stopped, so the moment is one.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "tracer/engine.h"
#include "tracer/files.h"
#include "tracer/task.h"

#define FILES_MAX 16   /* shown at one look */
#define OUTPUTS_MAX 16 /* descriptors of one process */

static bool is_first(const struct task *task)
{
	return task->number == task->process->number;
}

/* The number at the start of a file of the working folder; 0: none. */
static pid_t number_in(const struct engine *engine, const char *name)
{
	char text[32];
	struct stat status;
	ssize_t got = 0;
	int fd = openat(engine->jail->work_fd, name,
		O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return 0;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode))
		got = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[got > 0 ? got : 0] = '\0';
	return (pid_t)strtol(text, NULL, 10);
}

struct task *look_named(struct engine *engine, const char *file)
{
	pid_t wanted = number_in(engine, file);
	struct task *task = wanted > 0 ? task_by_inner(engine, wanted) : NULL;

	return task && is_first(task) && !task->process->dead ? task : NULL;
}

struct task *look_for(struct engine *engine, const struct run_fault *fault)
{
	struct task *named =
		fault->object ? look_named(engine, fault->object) : NULL;
	struct task *first = NULL;
	size_t i;

	if (named)
		return named;
	for (i = 0; i < engine->count; i++) {
		struct task *task = engine->tasks[i];

		if (!is_first(task) || task->process->dead)
			continue;
		if (task->process->parent < 0 && task->creator >= 0)
			return task;
		if (!first)
			first = task;
	}
	return first;
}

static void state_event(struct engine *engine, const struct task *task,
	const char *what, const char *text, size_t length)
{
	struct event event = task_event(engine, EVENT_STATE, task);

	event.pc = 0;
	event.object = what;
	engine_event_data(engine, &event, text, length, NULL, 0);
}

static void say(struct engine *engine, const struct task *task,
	const char *what, const char *text)
{
	state_event(engine, task, what, text, strlen(text));
}

/* The value of a line of /proc/PID/status, as it stands there. */
static void read_status(
	const struct task *task, const char *field, char *value, size_t size)
{
	char path[40], line[256];
	size_t length = strlen(field);
	FILE *status;

	value[0] = '\0';
	snprintf(path, sizeof(path), "/proc/%d/status", task->process->tgid);
	status = fopen(path, "re");
	while (status && fgets(line, sizeof(line), status)) {
		if (strncmp(line, field, length) != 0 || line[length] != ':')
			continue;
		line[strcspn(line, "\n")] = '\0';
		snprintf(value, size, "%s",
			line + length + 1 + strspn(line + length + 1, "\t "));
		break;
	}
	if (status)
		fclose(status);
}

/* As the jail sees it: the last of the numbers, one a namespace. */
static const char *session_of(
	const struct engine *engine, const struct task *task)
{
	char value[200];
	const char *last;
	pid_t session;
	size_t i;

	read_status(task, "NSsid", value, sizeof(value));
	last = strrchr(value, '\t');
	session = (pid_t)strtol(last ? last : value, NULL, 10);
	if (session == task->inner_tid && task->creator >= 0)
		return "leader";
	for (i = 0; i < engine->count; i++)
		if (engine->tasks[i]->creator < 0 &&
			engine->tasks[i]->inner_tid == session)
			return "first";
	return "own";
}

static void say_folder(struct engine *engine, const struct task *task)
{
	char path[40], target[4096];
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%d/cwd", task->process->tgid);
	length = readlink(path, target, sizeof(target) - 1);
	target[length > 0 ? length : 0] = '\0';
	say(engine, task, "folder", target);
}

static const char *describe(struct engine *engine, const struct file *file)
{
	struct stat status;

	if (file->kind == FILE_NONE)
		return "closed";
	if (file->kind == FILE_STDOUT)
		return "stdout";
	if (file->kind == FILE_STDERR)
		return "stderr";
	if (S_ISCHR(file->mode) && fstat(file->fd, &status) == 0)
		return status.st_rdev == makedev(1, 3) ? "/dev/null" : "device";
	return file_name(engine, file);
}

static void say_descriptors(struct engine *engine, const struct task *task)
{
	struct buf text = {0};
	int fd;

	for (fd = 0; fd < 3; fd++) {
		struct file file = file_open(engine, task, fd);

		buf_addf(&text, "%s%s", fd ? " " : "", describe(engine, &file));
		file_close(&file);
	}
	say(engine, task, "descriptors", buf_text(&text));
	buf_release(&text);
}

/* Whatever opening of the pipe it is: any keeps its reader waiting. */
static bool is_output(const struct engine *engine, int folder, const char *fd)
{
	struct stat status;

	return fstatat(folder, fd, &status, 0) == 0 &&
	       status.st_dev == engine->pipe_dev &&
	       status.st_ino == engine->pipe_ino;
}

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* The descriptors by which the process holds it, with blanks between. */
static void say_output_of(struct engine *engine, const struct task *task)
{
	int numbers[OUTPUTS_MAX], folder;
	size_t count = 0, i;
	struct buf text = {0};
	struct dirent *entry;
	char path[40];
	DIR *entries;

	snprintf(path, sizeof(path), "/proc/%d/fd", task->process->tgid);
	folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return;
	entries = fdopendir(folder);
	while (entries && count < OUTPUTS_MAX &&
		(entry = readdir(entries)) != NULL)
		if (entry->d_name[0] != '.' &&
			is_output(engine, folder, entry->d_name))
			numbers[count++] = atoi(entry->d_name);
	qsort(numbers, count, sizeof(*numbers), by_number);
	for (i = 0; i < count; i++)
		buf_addf(&text, "%s%d", i ? " " : "", numbers[i]);
	if (count > 0)
		say(engine, task, "output", buf_text(&text));
	buf_release(&text);
	if (entries)
		closedir(entries);
	else
		close(folder);
}

/* Nothing is said of those that have let go of it. */
static void say_output(struct engine *engine)
{
	size_t i;

	for (i = 0; engine->pipe_ino && i < engine->count; i++)
		if (is_first(engine->tasks[i]) &&
			!engine->tasks[i]->process->dead)
			say_output_of(engine, engine->tasks[i]);
}

static void say_file(struct engine *engine, const char *name)
{
	auto_free char *what = xasprintf("file %s", name);
	char text[EVENT_TEXT_MAX];
	struct stat status;
	ssize_t got = 0;
	int fd = openat(engine->jail->work_fd, name,
		O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode)) {
		got = pread(fd, text, sizeof(text), 0);
		state_event(
			engine, NULL, what, text, got > 0 ? (size_t)got : 0);
	}
	close(fd);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void say_files(struct engine *engine)
{
	const char *program = file_path_shown(engine->spec->argv[0]);
	int folder = openat(
		engine->jail->work_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *entries = folder < 0 ? NULL : fdopendir(folder);
	char *names[FILES_MAX];
	size_t count = 0, i;
	struct dirent *entry;

	if (!entries) {
		if (folder >= 0)
			close(folder);
		return;
	}
	while (count < FILES_MAX && (entry = readdir(entries)) != NULL)
		if (entry->d_name[0] != '.' &&
			strcmp(entry->d_name, program) != 0)
			names[count++] = xstrdup(entry->d_name);
	closedir(entries);
	qsort(names, count, sizeof(*names), by_name);
	for (i = 0; i < count; i++) {
		say_file(engine, names[i]);
		free(names[i]);
	}
}

void look_record(struct engine *engine, struct task *task)
{
	char mask[32];

	if (task) {
		say(engine, task, "session", session_of(engine, task));
		say_folder(engine, task);
		read_status(task, "Umask", mask, sizeof(mask));
		say(engine, task, "umask", mask);
		say_descriptors(engine, task);
	}
	say_output(engine);
	say_files(engine);
}
