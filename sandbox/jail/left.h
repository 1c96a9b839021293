/*
 * What a run left behind: IPC objects and files of /dev/shm, one a line:
 * "sysv-shm:0x7", "sysv-sem:private", "mq:/name", "shm:/name", "sem:/name".
 */
#ifndef JAIL_LEFT_H
#define JAIL_LEFT_H

#include <stddef.h>

#include "base/buf.h"

/*
 * The IPC objects of the calling process's namespace, for the jail's init:
 * async-signal-safe.  Fills TEXT (cut at SIZE), returns its length.
 */
size_t left_in_namespace(char *text, size_t size);

/* The files in the folder FOLDER_FD (/dev/shm); 0 or a negative errno. */
int left_in_folder(int folder_fd, struct buf *left);

/* One line for a name; the second for a file of /dev/shm by that name. */
void left_add_name(struct buf *left, const char *name);
void left_add_shared_name(struct buf *left, const char *name);

/* Sorts the lines of LEFT from OFFSET on. */
void left_sort(struct buf *left, size_t offset);

#endif
