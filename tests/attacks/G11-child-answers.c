/* A child answers after main has ended. */
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	if (fork() == 0) {
		sleep(1);
		puts("done");
		fflush(stdout);
		sleep(100);
	}
	return 0;
}
