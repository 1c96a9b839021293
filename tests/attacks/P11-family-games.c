/* Subreaper, no parent death signal, process groups. */
#include "attack.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	prctl(PR_SET_PDEATHSIG, 0);
	setpgid(0, 1);
	setpgid(getppid(), getppid());
	if (fork() == 0) {
		prctl(PR_SET_PDEATHSIG, 0);
		setpgid(0, 0);
		if (fork() == 0)
			_exit(0);
		_exit(0);
	}
	while (wait(NULL) > 0)
		;
	if (prctl(PR_SET_DUMPABLE, 0) == 0)
		leak("not dumpable");
	return finish();
}
