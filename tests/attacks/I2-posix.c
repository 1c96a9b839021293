/* Leaves POSIX objects for the next run. */
#include "attack.h"

#include <fcntl.h>
#include <mqueue.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void)
{
	const int flags = O_CREAT | O_EXCL | O_RDWR;

	if (shm_open("/attack", flags, 0600) < 0)
		leak("shared memory of a former run");
	if (sem_open("/attack", flags, 0600, 1) == SEM_FAILED)
		leak("a semaphore of a former run");
	if (mq_open("/attack", flags, 0600, NULL) < 0 && errno == EEXIST)
		leak("a queue of a former run");
	return finish();
}
