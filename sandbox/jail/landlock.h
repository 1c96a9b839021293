/*
 * Landlock: the same file tree again, enforced by another part of the
 * kernel; without mounts, the only thing between a program and the host's
 * files.  Async-signal-safe.
 */
#ifndef JAIL_LANDLOCK_H
#define JAIL_LANDLOCK_H

#include <stdint.h>

/* ABI version of the kernel; 0 = no Landlock. */
int landlock_abi(void);

enum landlock_right {
	LANDLOCK_LOOK = 1,   /* read files and folders */
	LANDLOCK_RUN = 2,    /* execute */
	LANDLOCK_WRITE = 4,  /* create, write, remove, rename */
	LANDLOCK_DEVICE = 8, /* read and write what is there */
};

struct landlock_grant {
	const char *path;
	unsigned rights; /* enum landlock_right */
};

/*
 * Restricts the calling thread to the grants (ends with path == NULL; a path
 * that does not exist is left out), and signals and abstract sockets to its
 * own children.  Needs no_new_privs.  0 or a negative errno.
 */
int landlock_restrict(int abi, const struct landlock_grant *grants);

#endif
