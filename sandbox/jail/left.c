/*
 * System V objects are counted by the kernel (jail/sysv.h).  POSIX message
 * queues have no such call: their file system, which the jail has mounted, is
 * listed.
 */
#define _GNU_SOURCE
#include "jail/left.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"
#include "jail/sysv.h"

struct text {
	char *data;
	size_t size, length;
};

static void add_line(struct text *text, const char *kind, const char *name)
{
	size_t need = strlen(kind) + strlen(name) + 1;

	if (text->length + need >= text->size)
		return;
	snprintf(text->data + text->length, text->size - text->length, "%s%s\n",
		kind, name);
	text->length += need;
}

static void add_sysv(void *context, enum sysv_kind kind, int id,
	const struct ipc_perm *owner)
{
	static const char *const kinds[] = {
		"sysv-shm:", "sysv-sem:", "sysv-msg:"};
	char name[16] = "private";

	(void)id;
	if (owner->__key != IPC_PRIVATE)
		snprintf(name, sizeof(name), "0x%x", (unsigned)owner->__key);
	add_line(context, kinds[kind], name);
}

/* getdents64() itself: opendir() would allocate. */
static void list_folder(struct text *text, const char *path, const char *kind)
{
	char space[4096] __attribute__((aligned(8)));
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	long n;

	if (fd < 0)
		return;
	while ((n = syscall(SYS_getdents64, fd, space, sizeof(space))) > 0) {
		for (long at = 0; at < n;) {
			struct dirent64 *entry = (void *)(space + at);

			if (entry->d_name[0] != '.')
				add_line(text, kind, entry->d_name);
			at += entry->d_reclen;
		}
	}
	close(fd);
}

size_t left_in_namespace(char *data, size_t size)
{
	struct text text = {data, size, 0};

	sysv_each(add_sysv, &text);
	list_folder(&text, "/dev/mqueue", "mq:/");
	return text.length;
}

/* A newline in a name must not make two lines of one. */
void left_add_name(struct buf *left, const char *name)
{
	size_t start = left->length;

	buf_add_clean(left, name, strlen(name));
	for (size_t i = start; i < left->length; i++)
		if (left->data[i] == '\n')
			left->data[i] = '?';
	buf_addc(left, '\n');
}

void left_add_shared_name(struct buf *left, const char *name)
{
	bool semaphore = !strncmp(name, "sem.", 4);

	buf_adds(left, semaphore ? "sem:/" : "shm:/");
	left_add_name(left, name + (semaphore ? 4 : 0));
}

int left_in_folder(int folder_fd, struct buf *left)
{
	int fd = openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent *entry;
	DIR *folder;

	if (fd < 0)
		return -errno;
	folder = fdopendir(fd);
	if (!folder) {
		int r = -errno;

		close(fd);
		return r;
	}
	while ((entry = readdir(folder))) {
		const char *name = entry->d_name;

		if (!strcmp(name, ".") || !strcmp(name, ".."))
			continue;
		left_add_shared_name(left, entry->d_name);
	}
	closedir(folder);
	return 0;
}

static int compare_lines(const void *a, const void *b)
{
	const char *const *left = a, *const *right = b;

	return strcmp(*left, *right);
}

void left_sort(struct buf *left, size_t offset)
{
	char **lines = NULL, *copy, *rest, *line;
	size_t count = 0, capacity = 0;

	if (left->length <= offset)
		return;
	copy = xstrndup(left->data + offset, left->length - offset);
	for (line = strtok_r(copy, "\n", &rest); line;
		line = strtok_r(NULL, "\n", &rest)) {
		grow_array(&lines, count, &capacity, sizeof(*lines));
		lines[count++] = line;
	}
	if (count > 1)
		qsort(lines, count, sizeof(*lines), compare_lines);
	left->length = offset;
	for (size_t i = 0; i < count; i++) {
		buf_adds(left, lines[i]);
		buf_addc(left, '\n');
	}
	free(lines);
	free(copy);
}
