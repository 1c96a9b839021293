/* Takes memory in 16 processes, in each less than the limit. */
#include "attack.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	for (int i = 0; i < 16; i++) {
		if (fork() == 0) {
			char *block = malloc(24 << 20);

			memset(block, 1, 24 << 20);
			sleep(10);
			_exit(block[4096] != 1);
		}
	}
	sleep(5);
	leak("384 MiB in 16 processes");
	while (wait(NULL) > 0)
		;
	return finish();
}
