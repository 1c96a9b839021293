/* Stops and continues its child, and itself, without end. */
#include <signal.h>
#include <unistd.h>

int main(void)
{
	pid_t other = fork();

	if (other == 0)
		for (;;) {
			kill(getppid(), SIGCONT);
			usleep(10);
		}
	for (;;) {
		kill(other, SIGSTOP);
		kill(other, SIGCONT);
		raise(SIGSTOP);
	}
}
