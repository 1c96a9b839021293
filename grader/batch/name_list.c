#include "grader/batch/name_list.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"

void name_list_release(struct name_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->names[i]);
	free(list->names);
	*list = (struct name_list){0};
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int name_list_read(struct name_list *list, const char *path, struct err *err)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;

	if (!folder)
		return err_errno(err, -errno, "cannot list '%s'", path);
	while ((errno = 0, entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		grow_array(&list->names, list->count, &list->capacity,
			sizeof(*list->names));
		list->names[list->count++] = xstrdup(entry->d_name);
	}
	if (errno) {
		int r = err_errno(err, -errno, "cannot list '%s'", path);

		closedir(folder);
		name_list_release(list);
		return r;
	}
	closedir(folder);
	if (list->count)
		qsort(list->names, list->count, sizeof(*list->names),
			compare_names);
	return 0;
}

bool path_is_folder(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool path_is_file(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 && S_ISREG(status.st_mode);
}
