/*
 * Both lists are made the same way; the difference is what the run left.
 * A message queue can be seen only where the host has mounted their file
 * system, as systemd does.
 */
#define _GNU_SOURCE
#include "jail/left_host.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "jail/left.h"
#include "jail/sysv.h"

enum object_kind {
	OBJECT_SHM,
	OBJECT_SEM,
	OBJECT_MSG,
	OBJECT_SHARED_FILE,
	OBJECT_QUEUE,
};

struct object {
	enum object_kind kind;
	int id;
	key_t key;
	char name[256]; /* of a file */
};

struct left_host {
	uid_t user;
	struct object *items;
	size_t count, capacity;
};

static const char shared_folder[] = "/dev/shm";
static const char queue_folder[] = "/dev/mqueue";

static struct object *add(
	struct left_host *list, enum object_kind kind, int id, key_t key)
{
	struct object *made;

	grow_array(&list->items, list->count, &list->capacity,
		sizeof(*list->items));
	made = &list->items[list->count++];
	*made = (struct object){.kind = kind, .id = id, .key = key};
	return made;
}

static void add_sysv(void *context, enum sysv_kind kind, int id,
	const struct ipc_perm *owner)
{
	static const enum object_kind kinds[] = {
		OBJECT_SHM, OBJECT_SEM, OBJECT_MSG};
	struct left_host *list = context;

	if (owner->cuid == list->user)
		add(list, kinds[kind], id, owner->__key);
}

static void list_files(
	struct left_host *list, const char *path, enum object_kind kind)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	struct stat status;

	while (folder && (entry = readdir(folder))) {
		struct object *made;

		if (!strcmp(entry->d_name, ".") ||
			!strcmp(entry->d_name, "..") ||
			fstatat(dirfd(folder), entry->d_name, &status,
				AT_SYMLINK_NOFOLLOW) ||
			status.st_uid != list->user)
			continue;
		made = add(list, kind, 0, 0);
		snprintf(made->name, sizeof(made->name), "%s", entry->d_name);
	}
	if (folder)
		closedir(folder);
}

static void list_all(struct left_host *list)
{
	sysv_each(add_sysv, list);
	list_files(list, shared_folder, OBJECT_SHARED_FILE);
	list_files(list, queue_folder, OBJECT_QUEUE);
}

struct left_host *left_host_before(uid_t user)
{
	struct left_host *before = xcalloc(1, sizeof(*before));

	before->user = user;
	list_all(before);
	return before;
}

void left_host_free(struct left_host *before)
{
	if (!before)
		return;
	free(before->items);
	free(before);
}

static bool was_there(
	const struct left_host *before, const struct object *object)
{
	for (size_t i = 0; i < before->count; i++) {
		const struct object *old = &before->items[i];

		if (old->kind == object->kind && old->id == object->id &&
			old->key == object->key &&
			!strcmp(old->name, object->name))
			return true;
	}
	return false;
}

static void name_key(
	const char *kind, const struct object *object, struct buf *left)
{
	if (object->key == IPC_PRIVATE)
		buf_addf(left, "%s:private\n", kind);
	else
		buf_addf(left, "%s:0x%x\n", kind, (unsigned)object->key);
}

static void remove_file(const char *folder, const struct object *object)
{
	int fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (unlinkat(fd, object->name, 0))
		unlinkat(fd, object->name, AT_REMOVEDIR);
	close(fd);
}

static void remove_object(const struct object *object, struct buf *left)
{
	switch (object->kind) {
	case OBJECT_SHM:
		name_key("sysv-shm", object, left);
		shmctl(object->id, IPC_RMID, NULL);
		break;
	case OBJECT_SEM:
		name_key("sysv-sem", object, left);
		semctl(object->id, 0, IPC_RMID);
		break;
	case OBJECT_MSG:
		name_key("sysv-msg", object, left);
		msgctl(object->id, IPC_RMID, NULL);
		break;
	case OBJECT_SHARED_FILE:
		left_add_shared_name(left, object->name);
		remove_file(shared_folder, object);
		break;
	case OBJECT_QUEUE:
		buf_adds(left, "mq:/");
		left_add_name(left, object->name);
		remove_file(queue_folder, object);
		break;
	}
}

void left_host_remove(const struct left_host *before, struct buf *left)
{
	struct left_host now = {.user = before->user};

	list_all(&now);
	for (size_t i = 0; i < now.count; i++)
		if (!was_there(before, &now.items[i]))
			remove_object(&now.items[i], left);
	free(now.items);
}
