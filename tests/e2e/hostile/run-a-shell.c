/* Executes programs of the machine; says LEAK when one ran. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(void)
{
	prctl(PR_SET_NAME, "gx-run-a-shell");
	if (system("echo LEAK a shell") == 0)
		puts("LEAK system");
	execl("/bin/sh", "sh", "-c", "echo LEAK exec", (char *)NULL);
	execl("/usr/bin/id", "id", (char *)NULL);
	return 0;
}
