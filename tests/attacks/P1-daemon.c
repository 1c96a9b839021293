/* A daemon: two forks, a session of its own, all signals ignored. */
#include "attack.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

int main(void)
{
	if (fork() == 0) {
		setsid();
		if (fork() == 0) {
			for (int i = 1; i < 65; i++)
				signal(i, SIG_IGN);
			for (;;)
				sleep(1);
		}
		_exit(0);
	}
	return finish();
}
