#include "grader/folders.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
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

static int remove_one(const char *path, const struct stat *status, int kind,
	struct FTW *position)
{
	(void)status;
	(void)kind;
	(void)position;
	return remove(path) < 0 && errno != ENOENT ? -errno : 0;
}

int folders_remove(const char *path, struct err *err)
{
	struct stat status;
	int r;

	if (lstat(path, &status) < 0)
		return 0;
	r = nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	return r ? err_errno(
			   err, r < -1 ? r : -errno, "cannot remove '%s'", path)
		 : 0;
}
