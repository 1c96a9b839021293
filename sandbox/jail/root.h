/*
 * The file trees of a jail.  Like child.h: async-signal-safe, runs in the
 * jail's init, ends the process on failure.
 */
#ifndef JAIL_ROOT_H
#define JAIL_ROOT_H

#include <stdbool.h>
#include <sys/types.h>

#include "jail/jail.h"

/*
 * The C library's data for C.UTF-8, which setlocale() loads; without it (some
 * machines have none) wide characters beyond ASCII cannot be printed.
 */
#define ROOT_LOCALE "/usr/lib/locale/C.utf8"

struct root_plan {
	int channel;
	bool mounts;        /* false: a folder of the host, no mounts */
	const char *folder; /* that folder, else NULL */
	char tmpfs_options[128];
	const char *proc_options; /* NULL = no /proc */
	const struct jail_file *files;
	size_t file_count;
	mode_t file_mode;
	int program_fd; /* -1: none (tool jail) */
	int64_t program_size;
	const char *program_name;
	const char *const *host_folders; /* tool jail: bound read-only */
};

/* Descriptors that reach into the finished tree. */
struct root_fds {
	int work, shm, root; /* shm and root are -1 without mounts */
};

/*
 * Builds the tree and makes it the root (or, without mounts, just fills the
 * folder); the working directory is then the work folder.
 */
void root_build(const struct root_plan *plan, struct root_fds *fds);

/*
 * Takes away what a program left in the writable folders of a tree with
 * mounts.  False if there is more than a few plain entries, or something that
 * does not go: such a tree must not be used again.
 */
bool root_empty(void);

/* What root_build() put into the emptied folders, with the plan's files. */
void root_refill(const struct root_plan *plan, struct root_fds *fds);

/* Back into the tree as it is now, for another program start. */
void root_enter(const struct root_plan *plan, struct root_fds *fds);

#endif
