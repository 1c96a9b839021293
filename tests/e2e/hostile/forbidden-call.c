/* Traces its parent, mounts, loads a filter: calls that nobody needs. */
#include <stdio.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <unistd.h>

int main(void)
{
	prctl(PR_SET_NAME, "gx-forbidden-ca");
	if (ptrace(PTRACE_ATTACH, getppid(), 0, 0) == 0)
		puts("LEAK ptrace");
	if (mount("none", "/tmp", "tmpfs", 0, "") == 0)
		puts("LEAK mount");
	return 0;
}
