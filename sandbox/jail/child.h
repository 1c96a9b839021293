/*
 * The steps that the jail's own processes take between clone and exec:
 * identity, descriptors, signals, limits, Landlock.
 *
 * Everything here runs in a copy of a process that may have had other
 * threads, so it calls only async-signal-safe functions.  A step that fails
 * does not return: it reports through the channel and ends the process.
 */
#ifndef JAIL_CHILD_H
#define JAIL_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

/* One message on a channel between the jail's processes. */
struct channel_message {
	int error;      /* 0 = what was asked is done */
	char what[124]; /* the step that failed, NUL-terminated */
};

/*
 * A pair of connected sockets that keep messages apart; ends[0] is the
 * supervisor's and receives the sender's pid with each message.  Both close
 * on exec.
 */
int channel_new(int ends[2]);

/* Sends with COUNT descriptors attached; 0 or a negative errno. */
int channel_send(int fd, const struct channel_message *message, const int *fds,
	int count);

/* The same with LENGTH bytes of anything. */
int channel_send_data(
	int fd, const void *data, size_t length, const int *fds, int count);

/*
 * Receives one message; the sender's pid goes to *PID when PID is not NULL.
 * COUNT descriptors must come with a message without error.  -EPIPE when the
 * other side is gone.
 */
int channel_receive(int fd, struct channel_message *message, pid_t *pid,
	int *fds, int count, int flags);

/*
 * The same with anything of up to SIZE bytes: how many came, or a negative
 * errno (-EPIPE also for a message of no bytes).  *RECEIVED descriptors came,
 * COUNT or none.
 */
ssize_t channel_receive_data(int fd, void *data, size_t size, pid_t *pid,
	int *fds, int count, int *received, int flags);

/* Reports errno and WHAT, then ends the process. */
_Noreturn void child_fail(int channel, const char *what);

/* Who the jail's processes are outside. */
struct child_identity {
	uid_t uid;
	gid_t gid;
	bool drop; /* the caller is root and they must not be */
};

/* The caller's own, or for root one without name or authority. */
struct child_identity child_identity(void);

/*
 * Clones with FLAGS (CLONE_NEW*) as IDENTITY; CHILD(ARGUMENT) runs in the new
 * process, all signals blocked, and must not return.  Returns the pid, a
 * child of the calling thread, or a negative errno.
 */
pid_t child_clone(unsigned flags, const struct child_identity *identity,
	void (*child)(void *), void *argument);

/* Inside a new user namespace: maps 1000 to the identity outside. */
#define CHILD_INNER_ID 1000
void child_map_identity(int channel, const struct child_identity *identity);

/*
 * Makes FDS[i] descriptor i for each i < COUNT and closes all others.  Those
 * from KEEP on close on exec.  FDS is updated.
 */
void child_arrange_fds(int channel, int *fds, int count, int keep);

/* Default dispositions, nothing blocked. */
void child_reset_signals(void);

/* Dies with the supervisor, also when that is gone already. */
void child_die_with_parent(int channel);

/* Overwrites the copy of the supervisor's arguments and environment. */
void child_clean_arguments(const char *name);
/* Finds them; called once in the supervisor. */
void child_find_arguments(void);

void child_limit(int channel, int resource, int64_t value, const char *what);

/* Copies SIZE bytes of FROM (from its start) behind TO's offset. */
int child_copy(int from, int to, int64_t size);

#endif
