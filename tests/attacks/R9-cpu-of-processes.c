/* Burns CPU time in 8 processes, in each less than the limit. */
#include "attack.h"

#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int main(void)
{
	for (int i = 0; i < 8; i++) {
		if (fork() == 0) {
			volatile long n = 0;

			while (n < 300000000)
				n++;
			_exit(0);
		}
	}
	while (wait(NULL) > 0)
		;
	return finish();
}
