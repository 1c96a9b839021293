/* Stops its parent, its group and itself. */
#include <signal.h>
#include <unistd.h>

int main(void)
{
	kill(getppid(), SIGSTOP);
	if (fork() == 0)
		kill(0, SIGSTOP);
	raise(SIGSTOP);
	return 0;
}
