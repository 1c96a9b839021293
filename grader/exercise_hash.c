#include "grader/exercise_hash.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/hash.h"

#define FILE_MAX ((size_t)64 << 20)

static int add_file(struct hash *hash, const char *folder, const char *name,
	struct err *err)
{
	auto_free char *path = xasprintf("%s/%s", folder, name);
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct buf text = {0};
	int r;

	if (fd < 0 && errno == ENOENT)
		return 0;
	r = fd < 0 ? -errno : buf_read_fd(&text, fd, FILE_MAX);
	if (!r) {
		hash_add_part(hash, name, strlen(name));
		hash_add_part(hash, buf_text(&text), text.length);
	}
	buf_release(&text);
	return r ? err_errno(err, r, "cannot read '%s'", path) : 0;
}

static int is_reference(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int add_references(
	struct hash *hash, const char *folder, struct err *err)
{
	auto_free char *path = xasprintf("%s/reference", folder);
	struct dirent **entries = NULL;
	int count = scandir(path, &entries, is_reference, alphasort), r = 0;

	if (count < 0)
		return errno == ENOENT ? 0
				       : err_errno(err, -errno,
						 "cannot list '%s'", path);
	for (int i = 0; i < count; i++) {
		if (!r)
			r = add_file(hash, path, entries[i]->d_name, err);
		free(entries[i]);
	}
	free(entries);
	return r;
}

char *exercise_hash(const char *folder, struct err *err)
{
	struct hash *hash = hash_new();
	char *hex;
	int r = add_file(hash, folder, "exercise.json", err);

	if (!r)
		r = add_file(hash, folder, "hidden.json", err);
	if (!r)
		r = add_references(hash, folder, err);
	hex = hash_hex(hash);
	if (!r)
		return hex;
	free(hex);
	return NULL;
}
