/* Hides memory of the kernel in queues of empty messages. */
#include "attack.h"

#include <sys/ipc.h>
#include <sys/msg.h>

int main(void)
{
	struct {
		long type;
	} message = {1};
	long total = 0;

	for (int i = 0; i < 300; i++) {
		int id = msgget(IPC_PRIVATE, IPC_CREAT | 0600);

		if (id < 0)
			break;
		for (int j = 0; j < 20; j++)
			if (msgsnd(id, &message, 0, IPC_NOWAIT) == 0)
				total++;
	}
	if (total > 4000)
		leak("%ld messages", total);
	return finish();
}
