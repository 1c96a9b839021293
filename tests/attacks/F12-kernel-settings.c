/* Writes to what the kernel is set up with. */
#include "attack.h"

#include <fcntl.h>

int main(void)
{
	static const char *const paths[] = {"/proc/self/oom_score_adj",
		"/proc/self/oom_adj", "/proc/self/comm", "/proc/self/mem",
		"/proc/self/coredump_filter", "/proc/self/uid_map",
		"/proc/sys/kernel/core_pattern",
		"/proc/sys/vm/overcommit_memory", "/proc/sysrq-trigger",
		"/sys/kernel/mm/ksm/run", "/sys/fs/cgroup/cgroup.procs",
		"/proc/self/attr/current"};

	for (unsigned i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		if (open(paths[i], O_WRONLY) >= 0)
			leak("%s", paths[i]);
	return finish();
}
