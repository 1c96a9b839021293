/*
 * What stands in for namespaces where there are none: a folder of the host,
 * removed afterwards, and a search of /proc for the run's processes.
 */
#ifndef JAIL_FOLDER_H
#define JAIL_FOLDER_H

#include <sys/types.h>

#include "base/err.h"
#include "jail/child.h"

/*
 * A new folder under $TMPDIR or /tmp, mode 0700, given to OWNER.  *PATH is
 * owned by the caller.
 */
int folder_new(
	char **path, const struct child_identity *owner, struct err *err);

/* Removes it with all it holds, however deep and whatever the modes. */
void folder_remove(const char *path);

/* Kills all descendants of INIT until there are none; reaps tracees. */
void folder_kill_below(pid_t init);

/* Lets every tracee of the calling process that stands in a stop go on. */
void folder_free_tracees(void);

#endif
