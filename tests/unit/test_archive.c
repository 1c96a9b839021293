/*
 * Submissions in archives: what is taken as if it were a folder, what is
 * refused by name with a remedy, and that the reader can do nothing but read.
 */
#include <archive.h>
#include <archive_entry.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "grader/archive.h"
#include "grader/locked_reader.h"
#include "grader/submission.h"

#define SOURCE "int main(void) { return 0; }\n"

static char folder[64];
static char file[128]; /* the archive */
static struct archive *archive;
static struct submission submission;
static struct err err;

static void setup(void)
{
	strcpy(folder, "/tmp/archive-XXXXXX");
	cr_assert(mkdtemp(folder));
	alarm(60);
}

static void teardown(void)
{
	auto_free char *command = xasprintf("rm -rf %s", folder);

	submission_release(&submission);
	cr_assert_eq(system(command), 0);
}

TestSuite(archive, .init = setup, .fini = teardown);

/* Begins an archive called NAME, whose end says what it is. */
static void begin(const char *name)
{
	snprintf(file, sizeof(file), "%s/%s", folder, name);
	archive = archive_write_new();
	cr_assert_eq(archive_write_set_format_filter_by_ext(archive, name),
		ARCHIVE_OK, "%s", archive_error_string(archive));
	cr_assert_eq(archive_write_open_filename(archive, file), ARCHIVE_OK);
}

static void add_entry(
	const char *name, mode_t type, const char *data, size_t length)
{
	struct archive_entry *entry = archive_entry_new();

	archive_entry_set_pathname(entry, name);
	archive_entry_set_filetype(entry, type);
	archive_entry_set_perm(entry, 0644);
	if (type == AE_IFLNK)
		archive_entry_set_symlink(entry, data);
	else if (type == AE_IFREG)
		archive_entry_set_size(entry, (la_int64_t)length);
	cr_assert_geq(archive_write_header(archive, entry), ARCHIVE_WARN, "%s",
		archive_error_string(archive));
	if (type == AE_IFREG && length > 0)
		cr_assert_eq(archive_write_data(archive, data, length),
			(la_ssize_t)length);
	archive_entry_free(entry);
}

static void add(const char *name, const char *text)
{
	add_entry(name, AE_IFREG, text, strlen(text));
}

static void add_zeros(const char *name, size_t length)
{
	char *zeros = xcalloc(length, 1);

	add_entry(name, AE_IFREG, zeros, length);
	free(zeros);
}

static void finish(void)
{
	cr_assert_eq(archive_write_close(archive), ARCHIVE_OK, "%s",
		archive_error_string(archive));
	archive_write_free(archive);
}

static void read_it(void)
{
	submission_release(&submission);
	cr_assert_eq(
		submission_read(&submission, file, &err), 0, "%s", err.text);
}

static void assert_taken(size_t files)
{
	read_it();
	cr_assert_null(
		submission.refusal.en, "%s: %s", file, submission.refusal.en);
	cr_assert_eq(submission.file_count, files);
}

/* Refused for what WORDS say, in both languages; NAME stands in both. */
static void assert_refused(const char *name, const char *words)
{
	read_it();
	cr_assert(submission.refusal.en, "'%s' was accepted", file);
	cr_assert(strstr(submission.refusal.en, words), "got: %s",
		submission.refusal.en);
	cr_assert(strstr(submission.refusal.en, name), "got: %s",
		submission.refusal.en);
	cr_assert(strstr(submission.refusal.zh, name), "got: %s",
		submission.refusal.zh);
}

Test(archive, is_taken_in_every_format_as_the_folder_would_be)
{
	static const char *const names[] = {"w.zip", "w.tar", "w.tar.gz",
		"w.tgz", "w.tar.bz2", "w.tar.xz", "w.7z"};
	auto_free char *hash = NULL;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		begin(names[i]);
		add("main.c", SOURCE);
		add("util.h", "int x;\n");
		finish();
		assert_taken(2);
		cr_assert_str_eq(submission.files[0].name, "main.c");
		cr_assert_str_eq(submission.files[0].data, SOURCE);
		cr_assert(!hash || !strcmp(hash, submission.hash));
		free(hash);
		hash = xstrdup(submission.hash);
	}
}

Test(archive, may_have_folders_around_everything_and_litter_of_a_mac)
{
	begin("w.zip");
	add_entry("homework/", AE_IFDIR, NULL, 0);
	add("homework/hw1/util.h", "int x;\n");
	add("homework/hw1/main.c", SOURCE);
	add("homework/hw1/ANSWER.md", "because\n");
	add("homework/hw1/notes.txt", "n");
	add("homework/hw1/old/main.c", "int old;\n");
	add("homework/hw1/.DS_Store", "x");
	add("__MACOSX/homework/hw1/._main.c", "\xff");
	finish();
	assert_taken(2);
	cr_assert_str_eq(submission.files[0].data, SOURCE);
	cr_assert_str_eq(submission.answer.written.text, "because\n");
	cr_assert_eq(submission.note_count, 1);
	cr_assert(strstr(submission.notes[0].text.en, "2 files were not used"),
		"%s", submission.notes[0].text.en);
	cr_assert(strstr(submission.notes[0].text.en, "old/main.c"));
}

Test(archive, has_names_in_utf8_or_gbk)
{
	begin("w.zip");
	add("\xd7\xf7\xd2\xb5/\xb5\xda\xd2\xbb\xcc\xe2.c", SOURCE);
	finish();
	assert_taken(1);
	cr_assert_str_eq(submission.files[0].name, "submission.c");
	cr_assert(strstr(submission.notes[0].text.zh, "第一题.c"), "%s",
		submission.notes[0].text.zh);
	begin("w.tar.gz");
	add("作业/第一题.c", SOURCE);
	finish();
	assert_taken(1);
	cr_assert(strstr(submission.notes[0].text.zh, "第一题.c"));
	begin("w.zip");
	add("main.c", SOURCE);
	add("\xff\xfe\x81.c", SOURCE);
	finish();
	assert_refused(".c", "neither UTF-8 nor GBK");
}

Test(archive, that_leads_out_of_itself_is_refused)
{
	static const char *const names[] = {"../main.c", "a/../../main.c",
		"/tmp/main.c", "C:\\main.c", "..", "x/.."};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		begin("w.tar.gz");
		add("main.c", SOURCE);
		add(names[i], SOURCE);
		finish();
		assert_refused(names[i], "leads out of it");
	}
}

Test(archive, holds_no_link_device_or_fifo)
{
	static const struct {
		mode_t type;
		const char *words;
	} rows[] = {{AE_IFLNK, "a link"}, {AE_IFIFO, "a FIFO"},
		{AE_IFCHR, "a device"}, {AE_IFBLK, "a device"}};
	struct archive_entry *entry = archive_entry_new();

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		begin("w.tar");
		add("main.c", SOURCE);
		add_entry("odd.txt", rows[i].type, "/etc/passwd", 0);
		finish();
		assert_refused("odd.txt", rows[i].words);
	}
	begin("w.tar");
	add("main.c", SOURCE);
	archive_entry_set_pathname(entry, "hard.c");
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_hardlink(entry, "main.c");
	cr_assert_eq(archive_write_header(archive, entry), ARCHIVE_OK);
	archive_entry_free(entry);
	finish();
	assert_refused("hard.c", "a link");
}

Test(archive, that_would_unpack_to_very_much_is_left_packed)
{
	static const char *const names[] = {"w.zip", "w.tar.xz", "w.7z"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		begin(names[i]);
		add("main.c", SOURCE);
		add_zeros("zeros.bin", 70 << 20);
		finish();
		assert_refused("zeros.bin", "would unpack to more than 64 MiB");
	}
	begin("w.zip");
	add("main.c", SOURCE);
	add_zeros("zeros.txt", 5 << 20); /* little, but of next to nothing */
	finish();
	assert_refused("zeros.txt", "200 times its size");
}

Test(archive, has_the_limits_of_a_folder)
{
	begin("w.zip");
	add_zeros("main.c", SUBMISSION_FILE_MAX + 1);
	finish();
	assert_refused("main.c", "too large");
	begin("w.tar");
	for (int i = 0; i < 5; i++) {
		auto_free char *name = xasprintf("f%d.c", i);
		char *data = xmalloc(SUBMISSION_FILE_MAX);

		memset(data, '\n', SUBMISSION_FILE_MAX);
		add_entry(name, AE_IFREG, data, SUBMISSION_FILE_MAX);
		free(data);
	}
	finish();
	assert_refused("w.tar", "too large");
	begin("w.tar.gz");
	for (int i = 0; i <= SUBMISSION_ENTRIES_MAX; i++) {
		auto_free char *name = xasprintf("f%d.txt", i);

		add(name, "x");
	}
	finish();
	assert_refused("4096", "more than 4096 files");
}

Test(archive, within_an_archive_is_refused)
{
	begin("w.zip");
	add("main.c", SOURCE);
	add("hw/more.RAR", "x");
	finish();
	assert_refused("hw/more.RAR", "an archive within the archive");
}

Test(archive, has_each_name_once)
{
	begin("w.tar");
	add("main.c", SOURCE);
	add("./main.c", "int other;\n");
	finish();
	assert_refused("main.c", "twice");
}

Test(archive, with_a_password_is_refused)
{
	snprintf(file, sizeof(file), "%s/w.zip", folder);
	archive = archive_write_new();
	archive_write_set_format_zip(archive);
	archive_write_set_options(archive, "zip:encryption=aes256");
	archive_write_set_passphrase(archive, "secret");
	cr_assert_eq(archive_write_open_filename(archive, file), ARCHIVE_OK);
	add("main.c", SOURCE);
	finish();
	assert_refused("main.c", "is encrypted");
}

Test(archive, that_is_cut_short_or_none_at_all_is_refused)
{
	static const char *const names[] = {"w.zip", "w.tar.gz", "w.7z"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct stat status;

		begin(names[i]);
		add("main.c", SOURCE);
		finish();
		cr_assert_eq(stat(file, &status), 0);
		cr_assert_eq(truncate(file, status.st_size * 2 / 3), 0);
		read_it();
		cr_assert(submission.refusal.en, "%s", names[i]);
		cr_assert(strstr(submission.refusal.en, "uploaded whole"), "%s",
			submission.refusal.en);
		cr_assert_eq(truncate(file, 0), 0);
		assert_refused(names[i], "cannot be read as an archive");
	}
}

Test(archive, without_a_source_is_refused)
{
	begin("w.zip");
	add("readme.txt", "hello");
	add("src/main.c", SOURCE);
	finish();
	assert_refused("w.zip", "has no .c file");
}

Test(archive, shows_no_control_character_of_a_name)
{
	begin("w.tar");
	add("main.c", SOURCE);
	add("\033[31mred\n.c", SOURCE);
	finish();
	assert_refused("red", "cannot be used");
	cr_assert_null(strchr(submission.refusal.en, '\033'));
	cr_assert_null(strchr(submission.refusal.zh, '\n'));
}

static void try_everything(void *context)
{
	const char *path = context;
	char answer[3] = {
		open(path, O_RDONLY) < 0 && errno == EPERM ? 'o' : '-',
		fork() < 0 && errno == EPERM ? 'f' : '-',
		open("/tmp/archive-escape", O_CREAT | O_WRONLY, 0600) < 0 ? 'w'
									  : '-',
	};

	locked_send(answer, sizeof(answer));
}

static void go_on_for_ever(void *context)
{
	volatile int *count = context;

	for (;;)
		(*count)++;
}

static void take_all_memory(void *context)
{
	(void)context;
	for (;;)
		memset(xmalloc(1 << 20), 1, 1 << 20);
}

Test(archive, reader_opens_nothing_and_starts_nothing)
{
	const struct locked_reader reader = {.read = try_everything,
		.context = folder,
		.input_fd = -1,
		.max = 100};
	struct buf answer = {0};

	cr_assert(locked_read(&reader, &answer));
	cr_assert_eq(answer.length, 3);
	cr_assert_str_eq(answer.data, "ofw");
	buf_release(&answer);
}

Test(archive, reader_that_never_ends_or_takes_all_is_ended)
{
	int count = 0;
	struct locked_reader reader = {.read = go_on_for_ever,
		.context = &count,
		.input_fd = -1,
		.max = 100};
	struct buf answer = {0};

	cr_assert_not(locked_read(&reader, &answer));
	cr_assert_eq(errno, 0);
	reader.read = take_all_memory;
#ifndef __SANITIZE_ADDRESS__
	cr_assert_not(locked_read(&reader, &answer));
#endif
	cr_assert_eq(answer.length, 0);
	buf_release(&answer);
}
