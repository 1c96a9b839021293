/* Hops from process to process, all signals blocked. */
#include "attack.h"

#include <signal.h>
#include <unistd.h>

int main(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	if (fork() == 0) {
		for (;;) {
			if (fork() > 0)
				_exit(0);
			usleep(1000);
		}
	}
	return finish();
}
