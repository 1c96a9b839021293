/*
 * System V objects are counted by the kernel: SHM_INFO and its like return
 * the highest used index, -1 when there are none, so a run without them costs
 * three system calls.  Message queues have no such call: their file system
 * is mounted and listed.
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
#include <sys/ipc.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"

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

static void add_key(struct text *text, const char *kind, key_t key)
{
	char name[16] = "private";

	if (key != IPC_PRIVATE)
		snprintf(name, sizeof(name), "0x%x", (unsigned)key);
	add_line(text, kind, name);
}

/* semctl() wants the caller to define its last argument's type. */
union semaphore_argument {
	int value;
	struct semid_ds *state;
	struct seminfo *info;
};

static void list_sysv(struct text *text)
{
	struct shm_info shm_info = {0};
	struct seminfo sem_info = {0};
	struct msginfo msg_info = {0};
	union semaphore_argument argument = {.info = &sem_info};
	int last;

	last = shmctl(0, SHM_INFO, (struct shmid_ds *)(void *)&shm_info);
	for (int i = 0; shm_info.used_ids && i <= last; i++) {
		struct shmid_ds state;

		/* A segment that waits for its last detach is not left. */
		if (shmctl(i, SHM_STAT, &state) >= 0 &&
			!(state.shm_perm.mode & SHM_DEST))
			add_key(text, "sysv-shm:", state.shm_perm.__key);
	}
	last = semctl(0, 0, SEM_INFO, argument);
	for (int i = 0; sem_info.semusz && i <= last; i++) {
		struct semid_ds state;

		argument.state = &state;
		if (semctl(i, 0, SEM_STAT, argument) >= 0)
			add_key(text, "sysv-sem:", state.sem_perm.__key);
	}
	last = msgctl(0, MSG_INFO, (struct msqid_ds *)(void *)&msg_info);
	for (int i = 0; msg_info.msgpool && i <= last; i++) {
		struct msqid_ds state;

		if (msgctl(i, MSG_STAT, &state) >= 0)
			add_key(text, "sysv-msg:", state.msg_perm.__key);
	}
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

	list_sysv(&text);
	if (!mount("mqueue", "/dev/mqueue", "mqueue",
		    MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL))
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
	qsort(lines, count, sizeof(*lines), compare_lines);
	left->length = offset;
	for (size_t i = 0; i < count; i++) {
		buf_adds(left, lines[i]);
		buf_addc(left, '\n');
	}
	free(lines);
	free(copy);
}
