/* Sleeps and ignores every signal that can be ignored. */
#include <signal.h>
#include <unistd.h>

int main(void)
{
	for (int i = 1; i < 65; i++)
		signal(i, SIG_IGN);
	for (;;)
		sleep(1000000);
}
