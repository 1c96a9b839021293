/*
 * How it works: entries come one by one, and each is made at once below one
 * folder, name by name with O_NOFOLLOW, so that not even a link that was made
 * just before leads anywhere.  All is made beside, and put in place when it is
 * whole and on disk.
 */
#include "grader/batch/class_archive.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/message.h"
#include "grader/archive.h"
#include "grader/batch/name_list.h"
#include "grader/batch/platform_name.h"
#include "grader/folders.h"
#include "grader/hash.h"
#include "grader/packed_name.h"
#include "grader/submission.h"

#define COMPONENT_MAX 255 /* bytes, of every file system here */
#define TAIL_MAX 32       /* of a name that is cut, such as ".tar.gz" */
#define NOWHERE "left-out"

struct unpacking {
	const struct class_archive_teller *teller;
	int root_fd;
	char *last; /* the name of the last entry, for what went wrong */
	struct err *err;
};

bool class_archive_is(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode) &&
	       submission_is_archive(path);
}

static void tell(
	const struct unpacking *unpacking, const char *format, const char *name)
{
	auto_free char *text = NULL;
	struct buf line = {0};
	const char *at = strstr(format, "%s");

	if (!unpacking->teller->notice)
		return;
	buf_add(&line, format, (size_t)(at - format));
	buf_adds(&line, name);
	buf_adds(&line, at + 2);
	text = buf_detach(&line);
	unpacking->teller->notice(unpacking->teller->context, text);
}

/*
 * NAME, one component, as short as a file system takes it: what makes it
 * another than its like is in front and behind.  Owned.
 */
static char *fit(const struct unpacking *unpacking, const char *name)
{
	const size_t length = strlen(name);
	const char *dot = strrchr(name, '.');
	const size_t tail = dot && strlen(dot) <= TAIL_MAX ? strlen(dot) : 0;
	size_t head = COMPONENT_MAX - TAIL_MAX - 12;
	struct hash *hash;
	auto_free char *hex = NULL;

	if (length <= COMPONENT_MAX)
		return xstrdup(name);
	/* not within a character */
	while (head > 0 && ((unsigned char)name[head] & 0xc0) == 0x80)
		head--;
	hash = hash_new();
	hash_add(hash, name, length);
	hex = hash_hex(hash);
	tell(unpacking, _("'%s' is too long a name and was cut"), name);
	return xasprintf("%.*s~%.8s%s", (int)head, name, hex, tail ? dot : "");
}

static int fail(const struct unpacking *unpacking, const char *name, int code)
{
	return err_errno(unpacking->err, code, "cannot unpack '%s'", name);
}

/* The folder NAME in FOLDER_FD, which is closed; made when it is not there. */
static int enter(const struct unpacking *unpacking, int folder_fd,
	const char *name, const char *whole)
{
	int fd = -1, r = 0;

	if (mkdirat(folder_fd, name, 0777) < 0 && errno != EEXIST)
		r = fail(unpacking, whole, -errno);
	if (!r)
		fd = openat(folder_fd, name,
			O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (!r && fd < 0)
		r = errno == ENOTDIR || errno == ELOOP
			    ? err_set(unpacking->err, -EINVAL,
				      "'%s' in the archive is in what is no "
				      "folder; unpack it yourself and give the "
				      "folder",
				      whole)
			    : fail(unpacking, whole, -errno);
	close(folder_fd);
	return r ? r : fd;
}

static int write_data(int fd, const struct packed_file *file)
{
	const char *at = file->data;
	size_t left = file->length;

	/* too large to be read: as large as it was, and a hole */
	if (!file->data)
		return ftruncate(fd, (off_t)file->size) < 0 ? -errno : 0;
	while (left > 0) {
		ssize_t written = write(fd, at, left);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -errno;
		at += written;
		left -= (size_t)written;
	}
	return 0;
}

static int write_file(
	int folder_fd, const char *name, const struct packed_file *file)
{
	const struct timespec times[] = {
		{file->modified, 0}, {file->modified, 0}};
	auto_close int fd = openat(folder_fd, name,
		O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	int r = fd < 0 ? -errno : write_data(fd, file);

	if (!r && file->modified > 0)
		futimens(fd, times);
	return r;
}

/* The last name of its path. */
static int make(struct unpacking *unpacking, int folder_fd, const char *name,
	const struct packed_file *file)
{
	int r = 0;

	switch (file->kind) {
	case PACKED_FOLDER:
		if (mkdirat(folder_fd, name, 0777) < 0 && errno != EEXIST)
			r = -errno;
		break;
	case PACKED_FILE:
		r = write_file(folder_fd, name, file);
		break;
	case PACKED_LINK:
		r = symlinkat(NOWHERE, folder_fd, name) < 0 ? -errno : 0;
		break;
	case PACKED_FIFO:
		r = mkfifoat(folder_fd, name, 0666) < 0 ? -errno : 0;
		break;
	default:
		tell(unpacking, _("'%s' is no file and was left out"),
			file->name);
	}
	if (r == -EEXIST)
		return err_set(unpacking->err, -EINVAL,
			"'%s' is in the archive twice, and either could be "
			"meant; unpack it yourself and give the folder",
			file->name);
	return r ? fail(unpacking, file->name, r) : 0;
}

static int make_path(
	struct unpacking *unpacking, char *path, const struct packed_file *file)
{
	int fd = dup(unpacking->root_fd), r = fd < 0 ? -errno : 0;

	if (r)
		return fail(unpacking, file->name, r);
	for (char *slash; (slash = strchr(path, '/')); path = slash + 1) {
		auto_free char *name = NULL;

		*slash = '\0';
		name = fit(unpacking, path);
		fd = enter(unpacking, fd, name, file->name);
		if (fd < 0)
			return fd;
	}
	if (*path) {
		auto_free char *name = fit(unpacking, path);

		r = make(unpacking, fd, name, file);
	}
	close(fd);
	return r;
}

/* What makes an entry refuse the whole. */
static int check(struct unpacking *unpacking, const struct packed_file *file)
{
	if (packed_name_leads_out(file->name))
		return err_set(unpacking->err, -EINVAL,
			"'%s' in the archive leads out of it (an absolute "
			"path, or ..)",
			file->name);
	if (file->flags & PACKED_ENCRYPTED)
		return err_set(unpacking->err, -EINVAL,
			"'%s' in the archive is encrypted; unpack it yourself "
			"and give the folder",
			file->name);
	if (file->flags & PACKED_DAMAGED)
		return err_set(unpacking->err, -EINVAL,
			"the archive is damaged at '%s'; download it again",
			file->name);
	return 0;
}

static int take(void *context, struct packed_file *file)
{
	struct unpacking *unpacking = context;
	auto_free char *path = packed_name_normal(file->name);
	int r = check(unpacking, file);

	free(unpacking->last);
	unpacking->last = xstrdup(file->name);
	if (r || packed_name_is_litter(path))
		return r;
	if (file->flags & PACKED_BAD_NAME)
		tell(unpacking,
			_("the name '%s' is neither UTF-8 nor GBK; a part of "
			  "it is replaced"),
			file->name);
	if (file->flags & PACKED_LARGE)
		tell(unpacking, _("'%s' is too large and was not unpacked"),
			file->name);
	return make_path(unpacking, path, file);
}

static int check_end(const struct unpacking *unpacking, const char *path,
	enum packed_end end)
{
	const char *last = unpacking->last ? unpacking->last : path;

	switch (end) {
	case PACKED_END_COMPLETE:
		return 0;
	case PACKED_END_DAMAGED:
		return err_set(unpacking->err, -EINVAL,
			"'%s' is damaged or cut short behind '%s'; download it "
			"again",
			path, last);
	case PACKED_END_ENCRYPTED:
		return err_set(unpacking->err, -EINVAL,
			"'%s' is encrypted; unpack it yourself and give the "
			"folder",
			path);
	case PACKED_END_MANY:
	case PACKED_END_LARGE:
	case PACKED_END_LIMIT:
		return err_set(unpacking->err, -EINVAL,
			"'%s' has more in it than is read of one archive; "
			"unpack it yourself and give the folder",
			path);
	default:
		return err_set(unpacking->err, -EINVAL,
			"'%s' cannot be read as an archive, or is cut short; "
			"download it again",
			path);
	}
}

struct mapped {
	void *bytes;
	size_t length;
};

static int map(struct mapped *mapped, const char *path, struct err *err)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;

	if (fd < 0 || fstat(fd, &status) < 0)
		return err_errno(err, -errno, "cannot read '%s'", path);
	if (status.st_size == 0)
		return err_set(err, -EINVAL, "'%s' is empty", path);
	mapped->length = (size_t)status.st_size;
	mapped->bytes =
		mmap(NULL, mapped->length, PROT_READ, MAP_PRIVATE, fd, 0);
	if (mapped->bytes == MAP_FAILED)
		return err_errno(err, -errno, "cannot read '%s'", path);
	return 0;
}

static int unpack(struct unpacking *unpacking, const char *path)
{
	struct mapped mapped = {0};
	enum packed_end end;
	int r = map(&mapped, path, unpacking->err);

	if (r)
		return r;
	r = packed_each(mapped.bytes, mapped.length, take, unpacking, &end,
		unpacking->err);
	munmap(mapped.bytes, mapped.length);
	if (!r)
		r = check_end(unpacking, path, end);
	if (!r && syncfs(unpacking->root_fd) < 0)
		r = fail(unpacking, path, -errno);
	return r;
}

int class_archive_unpack(const char *path, const char *folder,
	const struct class_archive_teller *teller, struct err *err)
{
	auto_free char *part = xasprintf("%s.part", folder);
	struct unpacking unpacking = {
		.teller = teller, .root_fd = -1, .err = err};
	int r = folders_remove(part, err);

	if (!r && mkdir(part, 0777) < 0)
		r = err_errno(err, -errno, "cannot make '%s'", part);
	if (r)
		return r;
	unpacking.root_fd = open(part, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	r = unpacking.root_fd < 0 ? fail(&unpacking, path, -errno)
				  : unpack(&unpacking, path);
	if (unpacking.root_fd >= 0)
		close(unpacking.root_fd);
	free(unpacking.last);
	if (!r)
		r = folders_remove(folder, err);
	if (!r && rename(part, folder) < 0)
		r = err_errno(err, -errno, "cannot make '%s'", folder);
	if (r) {
		struct err ignored = {""};

		folders_remove(part, &ignored);
	}
	return r;
}

int class_archive_hash(const char *path, char **out, struct err *err)
{
	struct mapped mapped = {0};
	struct hash *hash;
	int r = map(&mapped, path, err);

	if (r)
		return r;
	hash = hash_new();
	hash_add(hash, mapped.bytes, mapped.length);
	munmap(mapped.bytes, mapped.length);
	*out = hash_hex(hash);
	return 0;
}

static bool is_of_a_platform(const char *name)
{
	struct platform_name parsed;
	bool is = moodle_name(&parsed, name);

	platform_name_release(&parsed);
	if (!is) {
		is = canvas_name(&parsed, name);
		platform_name_release(&parsed);
	}
	return is;
}

static bool is_exercise(
	const char *name, const char *const *exercises, size_t count)
{
	const size_t stem = submission_stem(name);

	for (size_t i = 0; i < count; i++)
		if (stem == strlen(exercises[i]) &&
			!strncmp(name, exercises[i], stem))
			return true;
	return false;
}

/*
 * A class, not the one student of a class: who has folders of exercises, or one
 * program, perhaps of several files with headers.
 */
static bool is_class(
	const char *folder, const char *const *exercises, size_t count)
{
	struct name_list list = {0};
	struct err err = {""};
	size_t others = 0, sources = 0, headers = 0;
	bool one_program;

	if (name_list_read(&list, folder, &err))
		return false;
	for (size_t i = 0; i < list.count; i++) {
		const char *name = list.names[i];

		others += !is_exercise(name, exercises, count);
		sources += submission_is_source(name);
		headers += submission_is_source(name) &&
			   submission_stem(name) == strlen(name);
	}
	one_program = headers || (sources == 1 && list.count == 1);
	name_list_release(&list);
	return others && !one_program;
}

char *class_archive_root(const char *path, const char *folder,
	const char *const *exercises, size_t count)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;
	const size_t stem = submission_stem(base);
	struct name_list list = {0};
	struct err err = {""};
	char *root = xstrdup(folder);

	if (!name_list_read(&list, folder, &err) && list.count == 1) {
		const char *name = list.names[0];
		char *inner = xasprintf("%s/%s", folder, name);

		if (path_is_folder(inner) && !is_of_a_platform(name) &&
			((strlen(name) == stem && !strncmp(name, base, stem)) ||
				is_class(inner, exercises, count))) {
			free(root);
			root = inner;
		} else {
			free(inner);
		}
	}
	name_list_release(&list);
	return root;
}
