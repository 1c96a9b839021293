/*
 * Processes are found by their parents: the init is a child subreaper, so
 * whatever loses its parent becomes its child, and a process of the run is
 * always below it.  The search is repeated until it finds nobody, because a
 * process may fork between being listed and being killed.
 *
 * The folder is removed without recursion and with few descriptors: the
 * folders in a folder are moved up to the top first, so a tree of any depth
 * is never deeper than two while it is taken apart.
 */
#define _GNU_SOURCE
#include "jail/folder.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"

int folder_new(char **path, const struct child_identity *owner, struct err *err)
{
	const char *base = getenv("TMPDIR");
	char *made;
	int r;

	made = xasprintf("%s/grader-XXXXXX", base && *base ? base : "/tmp");
	if (!mkdtemp(made)) {
		r = err_errno(err, -errno, "folder '%s'", made);
		goto fail;
	}
	if (owner->drop && chown(made, owner->uid, owner->gid)) {
		r = err_errno(err, -errno, "owner of '%s'", made);
		rmdir(made);
		goto fail;
	}
	*path = made;
	return 0;
fail:
	free(made);
	return r;
}

static DIR *open_below(int folder, const char *name)
{
	int fd = openat(
		folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *opened = fd < 0 ? NULL : fdopendir(fd);

	if (!opened && fd >= 0)
		close(fd);
	return opened;
}

static bool dots(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}

/*
 * A mode of 000 would keep an ordinary user out of his own folder.  Never
 * through a link; a failure shows when the folder is opened.
 */
static void let_in(int folder, const char *name)
{
	int ignored = fchmodat(folder, name, 0700, AT_SYMLINK_NOFOLLOW);

	(void)ignored;
}

/* Empties the folder NAME of TOP, moving its folders into TOP. */
static void flatten(int top, const char *name, unsigned *serial)
{
	struct dirent *entry;
	DIR *folder;

	let_in(top, name);
	folder = open_below(top, name);
	if (!folder)
		return;
	while ((entry = readdir(folder))) {
		int from = dirfd(folder);
		char moved[32];

		if (dots(entry->d_name) || !unlinkat(from, entry->d_name, 0))
			continue;
		let_in(from, entry->d_name);
		do {
			snprintf(moved, sizeof(moved), "moved-%u", *serial);
			++*serial;
		} while (!faccessat(top, moved, F_OK, AT_SYMLINK_NOFOLLOW));
		renameat(from, entry->d_name, top, moved);
	}
	closedir(folder);
}

/* One pass over the top folder; false when it removed nothing. */
static bool remove_entries(DIR *top, unsigned *serial)
{
	struct dirent *entry;
	bool progress = false;

	rewinddir(top);
	while ((entry = readdir(top))) {
		int fd = dirfd(top);

		if (dots(entry->d_name))
			continue;
		if (unlinkat(fd, entry->d_name, 0)) {
			flatten(fd, entry->d_name, serial);
			if (unlinkat(fd, entry->d_name, AT_REMOVEDIR))
				continue;
		}
		progress = true;
	}
	return progress;
}

void folder_remove(const char *path)
{
	unsigned serial = 0;
	DIR *top = open_below(AT_FDCWD, path);

	if (top) {
		while (remove_entries(top, &serial))
			;
		closedir(top);
	}
	rmdir(path);
}

struct process {
	pid_t pid, parent;
	bool zombie, below;
};

/* "pid (name) S parent ..."; the name may hold anything. */
static bool read_process(int proc, const char *pid, struct process *process)
{
	char path[300], text[512], *at;
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "%s/stat", pid);
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	length = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (length <= 0)
		return false;
	text[length] = '\0';
	at = strrchr(text, ')');
	if (!at || strlen(at) < 4)
		return false;
	process->pid = (pid_t)strtol(pid, NULL, 10);
	process->zombie = at[2] == 'Z' || at[2] == 'X';
	process->parent = (pid_t)strtol(at + 4, NULL, 10);
	process->below = false;
	return true;
}

static size_t list_processes(struct process **list)
{
	size_t count = 0, capacity = 0;
	struct dirent *entry;
	DIR *proc = opendir("/proc");

	*list = NULL;
	while (proc && (entry = readdir(proc))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		grow_array(list, count, &capacity, sizeof(**list));
		if (read_process(dirfd(proc), entry->d_name, &(*list)[count]))
			count++;
	}
	if (proc)
		closedir(proc);
	return count;
}

static void mark_below(struct process *list, size_t count, pid_t init)
{
	bool changed = true;

	while (changed) {
		changed = false;
		for (size_t i = 0; i < count; i++) {
			bool below = list[i].parent == init;

			for (size_t j = 0; j < count && !below; j++)
				below = list[j].below &&
					list[j].pid == list[i].parent;
			changed |= below && !list[i].below;
			list[i].below = below;
		}
	}
}

/* Kills everybody below INIT; returns how many were alive. */
static size_t kill_pass(pid_t init)
{
	struct process *list;
	size_t count = list_processes(&list), alive = 0;

	mark_below(list, count, init);
	for (size_t i = 0; i < count; i++) {
		if (!list[i].below)
			continue;
		kill(list[i].pid, SIGKILL);
		if (!list[i].zombie)
			alive++;
	}
	free(list);
	return alive;
}

void folder_kill_below(pid_t init)
{
	const struct timespec pause = {.tv_nsec = 1000 * 1000};
	sigset_t child, old;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	pthread_sigmask(SIG_BLOCK, &child, &old);
	while (kill_pass(init)) {
		int status;
		pid_t pid;

		while ((pid = waitpid(-1, &status,
				WNOHANG | __WALL | __WNOTHREAD)) > 0)
			if (WIFSTOPPED(status))
				ptrace(PTRACE_CONT, pid, NULL, NULL);
		sigtimedwait(&child, NULL, &pause);
	}
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

static bool traced_by_us(int tasks, const char *tid)
{
	char path[300], text[1024];
	const char *field;
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "%s/status", tid);
	fd = openat(tasks, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	length = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[length > 0 ? length : 0] = '\0';
	field = strstr(text, "TracerPid:");
	return field && strtol(field + 10, NULL, 10) == gettid();
}

static void free_tracees_of(pid_t process)
{
	struct dirent *entry;
	char path[64];
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%d/task", process);
	tasks = opendir(path);
	while (tasks && (entry = readdir(tasks)))
		if (isdigit((unsigned char)entry->d_name[0]) &&
			traced_by_us(dirfd(tasks), entry->d_name))
			ptrace(PTRACE_CONT,
				(pid_t)strtol(entry->d_name, NULL, 10), NULL,
				NULL);
	if (tasks)
		closedir(tasks);
}

void folder_free_tracees(void)
{
	struct process *list;
	size_t count = list_processes(&list);

	for (size_t i = 0; i < count; i++)
		free_tracees_of(list[i].pid);
	free(list);
}
