/*
 * The System V objects of this IPC namespace.
 */
#ifndef JAIL_SYSV_H
#define JAIL_SYSV_H

#include <sys/ipc.h>

enum sysv_kind { SYSV_SHM, SYSV_SEM, SYSV_MSG };

/* OWNER is borrowed for the call; CONTEXT is what sysv_each() was given. */
typedef void sysv_fn(void *context, enum sysv_kind kind, int id,
	const struct ipc_perm *owner);

/*
 * Calls FUNCTION for each object, by kind and index.  A segment that only
 * waits for its last detach is passed over: it is gone already for everybody
 * who does not have it.  Allocates nothing.
 */
void sysv_each(sysv_fn *function, void *context);

#endif
