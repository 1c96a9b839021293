/* Stops itself and its process group. */
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(void)
{
	prctl(PR_SET_NAME, "gx-stop-itself");
	if (fork() == 0)
		kill(0, SIGSTOP);
	raise(SIGSTOP);
	return 0;
}
