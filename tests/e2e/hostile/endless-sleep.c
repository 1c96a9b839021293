/* Sleeps and ignores every signal that can be ignored. */
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(void)
{
	prctl(PR_SET_NAME, "gx-endless-slee");
	for (int i = 1; i < 65; i++)
		signal(i, SIG_IGN);
	for (;;)
		sleep(1000000);
}
