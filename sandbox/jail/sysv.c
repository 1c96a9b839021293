/*
 * SHM_INFO and its like return the highest used index and how many are in
 * use, so a namespace without objects costs three system calls; *_STAT takes
 * an index and returns the identifier.
 */
#define _GNU_SOURCE
#include "jail/sysv.h"

#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

/* semctl() wants the caller to define its last argument's type. */
union semaphore_argument {
	int value;
	struct semid_ds *state;
	struct seminfo *info;
};

static void each_segment(sysv_fn *function, void *context)
{
	struct shm_info info = {0};
	int last = shmctl(0, SHM_INFO, (struct shmid_ds *)(void *)&info);

	for (int i = 0; info.used_ids && i <= last; i++) {
		struct shmid_ds state;
		int id = shmctl(i, SHM_STAT, &state);

		if (id >= 0 && !(state.shm_perm.mode & SHM_DEST))
			function(context, SYSV_SHM, id, &state.shm_perm);
	}
}

static void each_semaphore_set(sysv_fn *function, void *context)
{
	struct seminfo info = {0};
	union semaphore_argument argument = {.info = &info};
	int last = semctl(0, 0, SEM_INFO, argument);

	for (int i = 0; info.semusz && i <= last; i++) {
		struct semid_ds state;
		int id;

		argument.state = &state;
		id = semctl(i, 0, SEM_STAT, argument);
		if (id >= 0)
			function(context, SYSV_SEM, id, &state.sem_perm);
	}
}

static void each_queue(sysv_fn *function, void *context)
{
	struct msginfo info = {0};
	int last = msgctl(0, MSG_INFO, (struct msqid_ds *)(void *)&info);

	for (int i = 0; info.msgpool && i <= last; i++) {
		struct msqid_ds state;
		int id = msgctl(i, MSG_STAT, &state);

		if (id >= 0)
			function(context, SYSV_MSG, id, &state.msg_perm);
	}
}

void sysv_each(sysv_fn *function, void *context)
{
	each_segment(function, context);
	each_semaphore_set(function, context);
	each_queue(function, context);
}
