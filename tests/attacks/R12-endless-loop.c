/* Computes without end, whatever signal tells it to stop. */
#include <signal.h>
#include <unistd.h>

int main(void)
{
	volatile unsigned long n = 0;

	for (int i = 1; i < 65; i++)
		signal(i, SIG_IGN);
	for (;;)
		n = n * 3 + 1;
}
