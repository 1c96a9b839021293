/* 10 000 children, one after the other. */
#include "attack.h"

#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	for (int i = 0; i < 10000; i++) {
		pid_t pid = fork();

		if (pid < 0)
			return 1;
		if (pid == 0)
			_exit(0);
		if (wait(NULL) != pid)
			return 2;
	}
	return finish();
}
