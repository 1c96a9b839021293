/* Opens hidden scenarios, solutions, reports, the work of others. */
#include "attack.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	static const char *const paths[] = {"/mnt/hidden/exercise.json",
		"/mnt/hidden/solution.c", "/mnt/reports/other.json", "/mnt",
		"/usr/local/share/grader", "../../../mnt/hidden/solution.c",
		"/tmp/../mnt/hidden", "/proc/self/root/mnt/hidden/solution.c"};

	for (unsigned i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		if (open(paths[i], O_RDONLY) >= 0)
			leak("%s", paths[i]);
	if (opendir("/mnt/hidden"))
		leak("a listing of /mnt/hidden");
	if (open("/mnt/reports/other.json", O_WRONLY | O_TRUNC) >= 0)
		leak("another's report");
	if (rename("/mnt/reports/other.json", "/mnt/reports/x") == 0)
		leak("another's report was renamed");
	if (truncate("/mnt/reports/other.json", 0) == 0)
		leak("another's report was cut");
	if (link("/mnt/hidden/solution.c", "solution.c") == 0)
		leak("a link to the solution");
	return finish();
}
