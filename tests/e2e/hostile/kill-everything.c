/* Kills all that it can reach, its parent and process 1 first. */
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(void)
{
	prctl(PR_SET_NAME, "gx-kill-everyth");
	kill(getppid(), SIGKILL);
	kill(1, SIGKILL);
	kill(-1, SIGSTOP);
	kill(-1, SIGKILL);
	for (int pid = 2; pid < 100000; pid++)
		kill(pid, SIGKILL);
	return 0;
}
