/* Leaves System V objects with fixed keys for the next run. */
#include "attack.h"

#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

int main(void)
{
	const int flags = IPC_CREAT | IPC_EXCL | 0600;
	int id = shmget(0x1234, 4096, flags);

	if (id < 0)
		leak("a segment of a former run");
	else
		strcpy(shmat(id, NULL, 0), "for the next run");
	if (semget(0x1234, 3, flags) < 0)
		leak("semaphores of a former run");
	if (msgget(0x1234, flags) < 0)
		leak("a queue of a former run");
	return finish();
}
