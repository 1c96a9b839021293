/*
 * One tmpfs is the whole file system of a run:
 *
 *	/		read-only
 *	/bin/NAME	the program, copied in
 *	/work /tmp /dev/shm	the same tmpfs bound again, writable, noexec
 *	/dev/null zero full random urandom	bound from the host
 *	/dev/fd stdin stdout stderr	links into /proc
 *	/proc		only the program's own processes
 *	/usr/lib/locale/C.utf8	bound from the host, read-only
 *
 * One file system means one size for all that a program can write.  The
 * program is copied, since a bind mount would show the host's path in
 * /proc/self/mountinfo.  The bind mounts inherit "noexec" from the tmpfs;
 * the remount that makes the root read-only takes it off the root alone.
 *
 * The tree is built over /proc, a folder that every machine has, because
 * pivot_root() needs a mount point.  pivot_root(".", ".") puts the old root
 * on top of the new one, where one lazy unmount removes it.
 */
#define _GNU_SOURCE
#include "jail/root.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "jail/child.h"

#define SAFE (MS_NOSUID | MS_NODEV)

#ifndef MOUNT_ATTR_RDONLY
#define MOUNT_ATTR_RDONLY 0x1
#define MOUNT_ATTR_NOSUID 0x2
#define MOUNT_ATTR_NODEV 0x4
struct mount_attr {
	uint64_t attr_set, attr_clr, propagation, userns_fd;
};
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif

static void make_folder(const struct root_plan *plan, const char *path)
{
	if (mkdir(path, 0755) && errno != EEXIST)
		child_fail(plan->channel, path);
}

static int make_file(const struct root_plan *plan, const char *folder,
	const char *name, mode_t mode)
{
	char path[320];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		mode);
	if (fd < 0)
		child_fail(plan->channel, name);
	/* Whatever the supervisor's umask is. */
	fchmod(fd, mode);
	return fd;
}

static void put_program(const struct root_plan *plan)
{
	int fd, r;

	if (plan->program_fd < 0)
		return;
	fd = make_file(plan, "bin", plan->program_name, 0555);
	r = child_copy(plan->program_fd, fd, plan->program_size);
	if (r < 0) {
		errno = -r;
		child_fail(plan->channel, "copy of the program");
	}
	close(fd);
}

/* So that the program finds itself as argv[0], "./NAME", too. */
static void put_link(const struct root_plan *plan)
{
	char target[300], link[300];

	if (plan->program_fd < 0)
		return;
	snprintf(target, sizeof(target), "../bin/%s", plan->program_name);
	snprintf(link, sizeof(link), "work/%s", plan->program_name);
	if (symlink(target, link))
		child_fail(plan->channel, "link to the program");
}

static void put_files(const struct root_plan *plan)
{
	for (size_t i = 0; i < plan->file_count; i++) {
		const struct jail_file *file = &plan->files[i];
		const char *data = file->data;
		size_t done = 0;
		int fd = make_file(plan, "work", file->name, plan->file_mode);

		while (done < file->length) {
			ssize_t n = write(fd, data + done, file->length - done);

			if (n < 0 && errno != EINTR)
				child_fail(plan->channel, file->name);
			if (n > 0)
				done += (size_t)n;
		}
		close(fd);
	}
}

static void bind_device(const struct root_plan *plan, const char *name)
{
	char from[64];

	close(make_file(plan, "dev", name, 0666));
	snprintf(from, sizeof(from), "/dev/%s", name);
	if (mount(from, from + 1, NULL, MS_BIND, NULL))
		child_fail(plan->channel, from);
}

static void bind_writable(const struct root_plan *plan, const char *path)
{
	if (mount(path, path, NULL, MS_BIND, NULL))
		child_fail(plan->channel, path);
}

/* A folder of the host, read-only with all that is mounted in it. */
static void bind_host(const struct root_plan *plan, const char *path)
{
	struct mount_attr attributes = {
		.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
			    MOUNT_ATTR_NODEV,
	};
	char copy[256];
	struct stat status;

	if (lstat(path, &status))
		return; /* not every machine has it */
	snprintf(copy, sizeof(copy), "%s", path + 1);
	for (char *at = strchr(copy, '/'); at; at = strchr(at + 1, '/')) {
		*at = '\0';
		make_folder(plan, copy);
		*at = '/';
	}
	if (S_ISLNK(status.st_mode)) {
		char target[256];
		ssize_t n = readlink(path, target, sizeof(target) - 1);

		target[n < 0 ? 0 : n] = '\0';
		if (n < 0 || symlink(target, copy))
			child_fail(plan->channel, path);
		return;
	}
	make_folder(plan, copy);
	if (mount(path, copy, NULL, MS_BIND | MS_REC, NULL))
		child_fail(plan->channel, path);
	if (!syscall(SYS_mount_setattr, AT_FDCWD, copy, AT_RECURSIVE,
		    &attributes, sizeof(attributes)))
		return;
	if (mount(NULL, copy, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | SAFE,
		    NULL))
		child_fail(plan->channel, path);
}

/* As on any machine; what they lead to is the program's own. */
static void link_streams(const struct root_plan *plan)
{
	static const char *const links[][2] = {
		{"/proc/self/fd", "dev/fd"},
		{"/proc/self/fd/0", "dev/stdin"},
		{"/proc/self/fd/1", "dev/stdout"},
		{"/proc/self/fd/2", "dev/stderr"},
	};

	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		if (symlink(links[i][0], links[i][1]))
			child_fail(plan->channel, links[i][1]);
}

static void mount_proc(const struct root_plan *plan)
{
	if (!plan->proc_options)
		return;
	make_folder(plan, "proc");
	link_streams(plan);
	if (mount("proc", "proc", "proc", SAFE | MS_NOEXEC, plan->proc_options))
		child_fail(plan->channel, "mount of /proc");
}

static void mount_run_tree(const struct root_plan *plan)
{
	make_folder(plan, "dev/mqueue");
	/* so that Landlock can name it: mq_open() is checked as a file open */
	if (mount("mqueue", "dev/mqueue", "mqueue", SAFE | MS_NOEXEC, NULL))
		child_fail(plan->channel, "mount of /dev/mqueue");
	bind_writable(plan, "work");
	bind_writable(plan, "tmp");
	bind_writable(plan, "dev/shm");
	bind_device(plan, "null");
	bind_device(plan, "zero");
	bind_device(plan, "full");
	bind_device(plan, "random");
	bind_device(plan, "urandom");
	bind_host(plan, ROOT_LOCALE);
	mount_proc(plan);
}

static void mount_tool_tree(const struct root_plan *plan)
{
	bind_writable(plan, "work");
	bind_writable(plan, "tmp");
	for (size_t i = 0; plan->host_folders[i]; i++)
		bind_host(plan, plan->host_folders[i]);
}

static void enter_root(const struct root_plan *plan)
{
	if (mount(NULL, ".", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | SAFE,
		    NULL))
		child_fail(plan->channel, "read-only root");
	if (syscall(SYS_pivot_root, ".", "."))
		child_fail(plan->channel, "pivot_root");
	if (umount2(".", MNT_DETACH))
		child_fail(plan->channel, "unmount of the old root");
}

static int open_folder(const struct root_plan *plan, const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		child_fail(plan->channel, path);
	return fd;
}

static void build_in_folder(const struct root_plan *plan, struct root_fds *fds)
{
	if (chdir(plan->folder))
		child_fail(plan->channel, plan->folder);
	make_folder(plan, "bin");
	make_folder(plan, "work");
	make_folder(plan, "tmp");
	put_program(plan);
	put_link(plan);
	put_files(plan);
	if (chdir("work"))
		child_fail(plan->channel, "work folder");
	fds->work = open_folder(plan, ".");
}

/* Enters the work folder. */
static void enter_work(const struct root_plan *plan, struct root_fds *fds)
{
	if (chdir("/work"))
		child_fail(plan->channel, "/work");
	fds->work = open_folder(plan, ".");
	fds->shm = open_folder(plan, "/dev/shm");
	fds->root = open_folder(plan, "/");
}

void root_build(const struct root_plan *plan, struct root_fds *fds)
{
	*fds = (struct root_fds){-1, -1, -1};
	umask(022);
	if (!plan->mounts) {
		build_in_folder(plan, fds);
		return;
	}
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		child_fail(plan->channel, "private mounts");
	if (mount("jail", "/proc", "tmpfs", SAFE | MS_NOEXEC,
		    plan->tmpfs_options) ||
		chdir("/proc"))
		child_fail(plan->channel, "tmpfs");
	make_folder(plan, "bin");
	make_folder(plan, "work");
	make_folder(plan, "tmp");
	make_folder(plan, "dev");
	make_folder(plan, "dev/shm");
	put_program(plan);
	put_link(plan);
	put_files(plan);
	if (plan->host_folders)
		mount_tool_tree(plan);
	else
		mount_run_tree(plan);
	enter_root(plan);
	enter_work(plan, fds);
}

/* Names in the folder FD, at most SIZE bytes of entries at a time. */
static long next_entries(int fd, void *space, size_t size)
{
	return syscall(SYS_getdents64, fd, space, size);
}

static bool is_self(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}

#define EMPTY_ENTRIES_MAX 64

/* Removes what it finds in a pass; false: something stays, or it is much. */
static bool empty_folder(int fd)
{
	char space[8192] __attribute__((aligned(8)));
	int count = 0;
	long n;

	while ((n = next_entries(fd, space, sizeof(space))) > 0) {
		for (long at = 0; at < n;) {
			struct dirent64 *entry = (void *)(space + at);

			at += entry->d_reclen;
			if (is_self(entry->d_name))
				continue;
			if (++count > EMPTY_ENTRIES_MAX ||
				(unlinkat(fd, entry->d_name, 0) &&
					unlinkat(fd, entry->d_name,
						AT_REMOVEDIR)))
				return false;
		}
	}
	/* Nothing was skipped because the folder changed under the reading. */
	if (n < 0 || lseek(fd, 0, SEEK_SET) < 0)
		return false;
	n = next_entries(fd, space, sizeof(space));
	for (long at = 0; at < n;) {
		struct dirent64 *entry = (void *)(space + at);

		at += entry->d_reclen;
		if (!is_self(entry->d_name))
			return false;
	}
	return n >= 0;
}

bool root_empty(void)
{
	static const char *const folders[] = {"/work", "/tmp", "/dev/shm"};
	bool empty = true;

	for (size_t i = 0; i < 3 && empty; i++) {
		int fd = open(folders[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		/* The program may have changed the mode too. */
		empty = fd >= 0 && empty_folder(fd) && !fchmod(fd, 0755);
		if (fd >= 0)
			close(fd);
	}
	return empty;
}

void root_refill(const struct root_plan *plan, struct root_fds *fds)
{
	if (chdir("/"))
		child_fail(plan->channel, "/");
	put_link(plan);
	put_files(plan);
	enter_work(plan, fds);
}

/* Without mounts the init has never left the work folder. */
void root_enter(const struct root_plan *plan, struct root_fds *fds)
{
	*fds = (struct root_fds){-1, -1, -1};
	if (plan->mounts)
		enter_work(plan, fds);
	else
		fds->work = open_folder(plan, ".");
}
