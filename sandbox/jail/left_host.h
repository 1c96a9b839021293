/*
 * What a run left behind where it shared the host's IPC objects, because
 * there was no namespace: the objects that belong to the run's user and were
 * not there before.
 *
 * As root each jail has a user of its own, so this is exact.  For an ordinary
 * user an object that another of his programs makes during the run counts
 * too; grade B says so.
 */
#ifndef JAIL_LEFT_HOST_H
#define JAIL_LEFT_HOST_H

#include <sys/types.h>

#include "base/buf.h"

struct left_host; /* opaque: what there was before */

/* Owned by the caller: left_host_free(). */
struct left_host *left_host_before(uid_t user);
void left_host_free(struct left_host *before); /* accepts NULL */

/* Adds what is new to LEFT, in the words of jail/left.h, and removes it. */
void left_host_remove(const struct left_host *before, struct buf *left);

#endif
