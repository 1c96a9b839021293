/*
 * Submissions: files with any names and contents, in a folder or an archive, or
 * one file.  What is accepted has safe names, each once, text without NULs, and
 * code.
 *
 * An entry of the input is the length of its name, that of its data, by which
 * it may be something else than a file, the name and the data.  The entries are
 * those of an archive that has been read, which costs no file; every so often
 * the same is made in a real folder.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"
#include "grader/submission_accept.h"
#include "grader/submission_unpack.h"

#define FILES_MAX 3
#define FOLDER_EVERY 64 /* a folder is a hundred times as slow */

static char folder[64];

static void remove_folder(void)
{
	rmdir(folder);
}

static void make_folder(void)
{
	const char *parent = access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm";

	if (folder[0])
		return;
	snprintf(folder, sizeof(folder), "%s/fuzz-submission-XXXXXX", parent);
	if (!mkdtemp(folder))
		abort();
	atexit(remove_folder);
}

/* A file, a folder or a link, by KIND; false when the name is impossible. */
static bool make_entry(
	const char *path, int kind, const uint8_t *data, size_t size)
{
	int fd;

	if (kind == 5)
		return mkdir(path, 0700) == 0;
	if (kind == 6)
		return symlink("/etc/passwd", path) == 0;
	if (kind == 7)
		return mkfifo(path, 0600) == 0;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	if (size > 0 && write(fd, data, size) != (ssize_t)size)
		abort();
	close(fd);
	return true;
}

/* The next entry of the input; its path, or NULL. */
static char *take_entry(const uint8_t **data, size_t *left)
{
	uint8_t header[2];
	char name[300] = "", *path;
	size_t size;
	bool made;

	fuzz_take(data, left, header, sizeof(header));
	fuzz_take(data, left, name, header[0]);
	size = header[1] < *left ? header[1] : *left;
	if (!name[0] || strchr(name, '/'))
		return NULL;
	path = xasprintf("%s/%s", folder, name);
	made = make_entry(path, header[1] & 7, *data, size);
	*data += size;
	*left -= size;
	if (made)
		return path;
	free(path);
	return NULL;
}

static bool is_safe(const char *name)
{
	size_t length = strlen(name);

	return length >= 3 && length < 140 &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
		       length - 2 &&
	       (!strcmp(name + length - 2, ".c") ||
		       !strcmp(name + length - 2, ".h"));
}

static void check(const struct submission *submission)
{
	bool has_code = false;

	if (submission->refusal.zh) {
		assert(submission->refusal.en);
		return;
	}
	assert(submission->hash && strlen(submission->hash) == 64);
	assert(submission->file_count > 0);
	for (size_t i = 0; i < submission->file_count; i++) {
		const struct source_file *file = &submission->files[i];
		size_t length = strlen(file->name);

		assert(is_safe(file->name));
		assert(!memchr(file->data, '\0', file->length));
		assert(i == 0 ||
			strcmp(submission->files[i - 1].name, file->name) < 0);
		has_code |= file->name[length - 1] == 'c' && file->length > 0;
	}
	assert(has_code);
}

static void read_path(const char *path)
{
	struct submission submission;
	struct err err = {{0}};

	if (submission_read(&submission, path, &err) == 0) {
		check(&submission);
		submission_release(&submission);
	} else {
		assert(err.text[0]);
	}
}

static void read_folder(const uint8_t *data, size_t size)
{
	char *paths[FILES_MAX];

	make_folder();
	for (int i = 0; i < FILES_MAX; i++)
		paths[i] = size > 0 ? take_entry(&data, &size) : NULL;
	read_path(folder);
	if (paths[0])
		read_path(paths[0]);
	for (int i = 0; i < FILES_MAX; i++) {
		if (paths[i] && remove(paths[i]) != 0)
			abort();
		free(paths[i]);
	}
}

/* What the reader of an archive may answer: a clean name, any data. */
static void take_packed(
	struct packed_file *file, const uint8_t **data, size_t *left)
{
	struct buf name = {0};
	uint8_t header[2];
	char bytes[256] = "";

	fuzz_take(data, left, header, sizeof(header));
	fuzz_take(data, left, bytes, header[0]);
	buf_add_clean(&name, bytes, strlen(bytes));
	*file = (struct packed_file){
		.name = name.data ? buf_detach(&name) : xstrdup("")};
	if ((header[1] & 7) > 4)
		file->kind = (enum packed_kind)(header[1] % PACKED_KIND_COUNT);
	if (header[1] >= 240)
		file->flags = 1u << (header[1] & 3);
	if (file->kind != PACKED_FILE || file->flags)
		return;
	file->length = header[1] < *left ? header[1] : *left;
	file->data = xmalloc(file->length + 1);
	fuzz_take(data, left, file->data, file->length);
	file->data[file->length] = '\0';
}

/* As submission_read() goes on. */
static void read_packed(const uint8_t *data, size_t size)
{
	struct submission submission = {.path = xstrdup("work.zip")};
	struct packed packed = {0};

	if (size > 0 && data[size - 1] == 0xff)
		packed.end = (enum packed_end)(size % PACKED_END_COUNT);
	while (size > 0) {
		grow_array(&packed.files, packed.count, &packed.capacity,
			sizeof(*packed.files));
		take_packed(&packed.files[packed.count++], &data, &size);
	}
	if (!submission_take_packed(&submission, "work.zip", &packed))
		submission_check_content(&submission, SUBMISSION_ARCHIVE);
	submission.hash = submission_hash(&submission);
	check(&submission);
	assert(packed.end == PACKED_END_COMPLETE || submission.refusal.zh);
	submission_release(&submission);
	packed_release(&packed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned count;

	read_packed(data, size);
	if (count++ % FOLDER_EVERY == 0)
		read_folder(data, size);
	return 0;
}
