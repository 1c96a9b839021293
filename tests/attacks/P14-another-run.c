/* Looks for processes of another run, of the same user, and kills them. */
#include "attack.h"

#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

int main(void)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;

	while (proc && (entry = readdir(proc))) {
		int pid = atoi(entry->d_name);

		if (pid <= 1 || pid == getpid() || pid == getppid())
			continue;
		leak("sees process %d", pid);
		kill(pid, SIGKILL);
	}
	for (int pid = 2; pid < 1000; pid++)
		if (pid != getpid() && pid != getppid() &&
			kill(pid, SIGTERM) == 0)
			leak("reached process %d", pid);
	return finish();
}
