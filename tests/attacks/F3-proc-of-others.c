/* Reads what /proc tells of other processes. */
#include "attack.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static void look(int pid)
{
	static const char *const files[] = {"environ", "cmdline", "cwd", "root",
		"fd", "mem", "maps", "exe", "task", "stack"};
	char path[64], text[64];

	for (unsigned i = 0; i < sizeof(files) / sizeof(*files); i++) {
		snprintf(path, sizeof(path), "/proc/%d/%s", pid, files[i]);
		if (readlink(path, text, sizeof(text)) > 0)
			leak("a link, %s", path);
		else if (open(path, O_RDONLY) >= 0)
			leak("%s", path);
	}
}

int main(void)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;

	look(1);
	look(getppid());
	while (proc && (entry = readdir(proc)))
		if (atoi(entry->d_name) > 0 && atoi(entry->d_name) != getpid())
			look(atoi(entry->d_name));
	for (int pid = 1; pid < 100; pid++)
		if (pid != getpid())
			look(pid);
	return finish();
}
