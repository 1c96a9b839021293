/* Stops; its child lets it go on; ends with 9. */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	puts("done");
	fflush(stdout);
	if (fork() == 0) {
		sleep(1);
		kill(getppid(), SIGCONT);
		_exit(0);
	}
	raise(SIGSTOP);
	wait(NULL);
	return 9;
}
