/* Kills all that it can reach. */
#include <signal.h>
#include <unistd.h>

int main(void)
{
	kill(getppid(), SIGKILL);
	kill(1, SIGKILL);
	kill(-1, SIGSTOP);
	kill(-1, SIGKILL);
	for (int pid = 1; pid < 20000; pid++)
		if (pid != getpid())
			kill(pid, SIGKILL);
	return 0;
}
