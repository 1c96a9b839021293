/* Kills itself. */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	puts("done");
	fflush(stdout);
	kill(getpid(), SIGKILL);
	return 0;
}
