/*
 * The place for one kept jail.  The supervisor may fork (a worker's child has
 * a copy of the place but is not the jail's parent), hence the owner.
 */
#include "jail/keep.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "jail/context.h"

/* Two specs with equal keys can be run in one jail. */
struct key {
	dev_t device;
	ino_t inode;
	off_t size;
	char name[256]; /* of the program */
	int processes, open_files;
	int64_t disk_bytes, file_bytes, cpu_seconds, address_space_bytes;
	bool allow_unix_sockets, parallel;
};

struct jail_keep {
	struct jail jail;
	struct key key;
	pid_t owner; /* 0: the place is empty */
};

struct jail_keep *jail_keep_new(void)
{
	return xcalloc(1, sizeof(struct jail_keep));
}

static void end_kept(struct jail_keep *keep)
{
	struct err ignored;

	if (keep->owner == getpid())
		jail_end(&keep->jail, NULL, &ignored);
	keep->owner = 0;
}

void jail_keep_end(const struct jail_context *context)
{
	end_kept(context->keep);
}

void jail_keep_free(struct jail_keep *keep)
{
	if (!keep)
		return;
	end_kept(keep);
	free(keep);
}

/* False: there is no program to be known again. */
static bool make_key(struct key *key, const struct jail_spec *spec)
{
	struct stat status;

	memset(key, 0, sizeof(*key));
	if (!spec->argv[0] || fstat(spec->program_fd, &status))
		return false;
	key->device = status.st_dev;
	key->inode = status.st_ino;
	key->size = status.st_size;
	strncpy(key->name, jail_program_name(spec->argv[0]),
		sizeof(key->name) - 1);
	key->processes = spec->processes;
	key->open_files = spec->open_files;
	key->disk_bytes = spec->disk_bytes;
	key->file_bytes = spec->file_bytes;
	key->cpu_seconds = spec->cpu_seconds;
	key->address_space_bytes = spec->address_space_bytes;
	key->allow_unix_sockets = spec->allow_unix_sockets;
	key->parallel = spec->parallel;
	return true;
}

static bool is_same(const struct key *one, const struct key *other)
{
	return one->device == other->device && one->inode == other->inode &&
	       one->size == other->size && !strcmp(one->name, other->name) &&
	       one->processes == other->processes &&
	       one->open_files == other->open_files &&
	       one->disk_bytes == other->disk_bytes &&
	       one->file_bytes == other->file_bytes &&
	       one->cpu_seconds == other->cpu_seconds &&
	       one->address_space_bytes == other->address_space_bytes &&
	       one->allow_unix_sockets == other->allow_unix_sockets &&
	       one->parallel == other->parallel;
}

int jail_take(const struct jail_context *context, const struct jail_spec *spec,
	struct jail *jail, struct err *err)
{
	struct jail_keep *keep = context->keep;
	struct err ignored;
	struct key key;

	if (keep->owner == getpid() && make_key(&key, spec) &&
		is_same(&key, &keep->key)) {
		if (!jail_next(&keep->jail, spec, &ignored)) {
			*jail = keep->jail;
			keep->owner = 0;
			return 0;
		}
		end_kept(keep);
	}
	return jail_spawn(context, spec, jail, err);
}

int jail_leave(const struct jail_context *context, const struct jail_spec *spec,
	struct jail *jail, bool reusable, struct buf *left, struct err *err)
{
	struct jail_keep *keep = context->keep;
	struct err ignored;
	struct key key;

	if (!reusable || !make_key(&key, spec) ||
		jail_empty(jail, &ignored) <= 0)
		return jail_end(jail, left, err);
	end_kept(keep);
	keep->jail = *jail;
	keep->key = key;
	keep->owner = getpid();
	*jail = (struct jail)JAIL_INIT;
	return 0;
}
