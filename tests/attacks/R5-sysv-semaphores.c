/* Hides memory of the kernel in sets of semaphores. */
#include "attack.h"

#include <sys/ipc.h>
#include <sys/sem.h>

int main(void)
{
	int total = 0;

	for (int i = 0; i < 100; i++) {
		if (semget(IPC_PRIVATE, 32000, IPC_CREAT | 0600) < 0)
			break;
		total += 32000 / 16;
	}
	if (total > 128 << 10)
		leak("%d MiB in semaphores", total >> 10);
	return finish();
}
