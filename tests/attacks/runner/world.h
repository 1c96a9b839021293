/*
 * A world for one attack: namespaces of its own, so that what an attack leaves
 * is seen to the last process, object and file, that what it breaks is thrown
 * away, and that tests beside it do not count.  Nothing of it is a layer of
 * the jail: the jail is built inside.
 *
 *	runner
 *	  `- process 1 of the world: reaps, watches the bystander
 *	       |- bystander: must be well in the end, and nobody may have
 *	       |  reached TCP and UDP 127.0.0.1:7777 and the abstract socket
 *	       |  "attacks"
 *	       `- worker: the grader, as root or as an ordinary user
 */
#ifndef ATTACKS_WORLD_H
#define ATTACKS_WORLD_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"

#define WORLD_SECRETS "/mnt" /* hidden tests, solutions, reports */

/*
 * Runs WORK in a world of its own as USER (0 = whoever runs the runner), beside
 * a bystander who is BYSTANDER; what
 * it adds to TEXT and returns is handed back.  Trouble of the world, such as a
 * bystander that was hurt, is added to *TROUBLE.  Returns WORK's answer, -1
 * when it gave none.
 */
int world_run(uid_t user, uid_t bystander,
	int (*work)(void *context, struct buf *text), void *context,
	struct buf *text, struct buf *trouble);

/* Adds what is in this world and should not be; inside of it only. */
void world_look(struct buf *trouble);

/* Root gives up root, for good. */
void world_become_ordinary(void);

/*
 * The worlds of this process are the NUMBERth of several that exist at once:
 * they get users of their own, since some limits count by user.
 */
void world_share(int number);

/* The ordinary user of these worlds, 0 = whoever runs the runner. */
uid_t world_user(void);

/* Does this machine allow worlds?  An errno if not. */
int world_try(void);

#endif
