/* Two processes that send each other signals without end. */
#include "attack.h"

#include <signal.h>
#include <unistd.h>

static void on_signal(int signal)
{
	(void)signal;
}

int main(void)
{
	pid_t other;

	for (int i = SIGRTMIN; i <= SIGRTMAX; i++)
		signal(i, on_signal);
	other = fork();
	if (other == 0)
		other = getppid();
	for (int i = 0;; i++)
		kill(other, SIGRTMIN + i % 8);
}
