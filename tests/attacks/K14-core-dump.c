/* Wants its memory to be piped into the helper of the host. */
#include "attack.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	const struct dirent *entry;
	struct rlimit limit;
	int status = 0;
	DIR *folder;

	getrlimit(RLIMIT_CORE, &limit);
	if (limit.rlim_cur != 1 || limit.rlim_max != 1)
		leak("core files of %lu", (unsigned long)limit.rlim_max);
	if (fork() == 0)
		abort();
	wait(&status);
	if (!WIFSIGNALED(status) || WCOREDUMP(status))
		leak("status %#x", status);
	folder = opendir(".");
	while (folder && (entry = readdir(folder)))
		if (strstr(entry->d_name, "core"))
			leak("file %s", entry->d_name);
	return finish();
}
