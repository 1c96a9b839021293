/* Burns CPU time in children that nobody waits for, one after the other. */
#include "attack.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	signal(SIGCHLD, SIG_IGN);
	for (int i = 0; i < 2000; i++) {
		if (fork() == 0) {
			volatile long n = 0;

			while (n < 30000000)
				n++;
			_exit(0);
		}
		wait(NULL);
	}
	leak("much CPU time");
	return finish();
}
