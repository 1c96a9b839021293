#include "grader/folders.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"

int folders_make(const char *path, struct err *err)
{
	auto_free char *copy = xstrdup(path);

	for (char *at = copy + 1; (at = strchr(at, '/')) != NULL; at++) {
		*at = '\0';
		if (mkdir(copy, 0777) < 0 && errno != EEXIST)
			return err_errno(err, -errno, "cannot make '%s'", copy);
		*at = '/';
	}
	return 0;
}
