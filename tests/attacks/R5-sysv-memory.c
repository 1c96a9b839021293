/* Hides memory in System V segments that nobody has attached. */
#include "attack.h"

#include <sys/ipc.h>
#include <sys/shm.h>

int main(void)
{
	int total = 0;

	for (int i = 0; i < 64; i++) {
		int id = shmget(IPC_PRIVATE, 8 << 20, IPC_CREAT | 0600);
		char *at = id < 0 ? (void *)-1 : shmat(id, NULL, 0);

		if (at == (void *)-1)
			break;
		memset(at, 1, 8 << 20);
		shmdt(at);
		total += 8;
	}
	if (total > 200)
		leak("%d MiB in segments", total);
	return finish();
}
