/*
 * Reading submissions: what is accepted, what is refused with a reason, and
 * that nothing a student can put into a folder blocks the reader.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/alloc.h"
#include "grader/submission.h"

static char folder[64];
static struct submission submission;
static struct err err;

static void setup(void)
{
	strcpy(folder, "/tmp/submission-XXXXXX");
	cr_assert(mkdtemp(folder));
	alarm(10); /* a reader that blocks is a failure */
}

static void teardown(void)
{
	auto_free char *command = xasprintf("rm -rf %s", folder);

	submission_release(&submission);
	cr_assert_eq(system(command), 0);
}

TestSuite(submission, .init = setup, .fini = teardown);

/* The path of NAME in the folder; static. */
static const char *path(const char *name)
{
	static char text[PATH_MAX];

	snprintf(text, sizeof(text), "%s/%s", folder, name);
	return text;
}

static void put_bytes(const char *name, const char *data, size_t length)
{
	FILE *file = fopen(path(name), "w");

	cr_assert(file);
	cr_assert_eq(fwrite(data, 1, length, file), length);
	cr_assert_eq(fclose(file), 0);
}

static void put(const char *name, const char *text)
{
	put_bytes(name, text, strlen(text));
}

static int read_path(const char *name)
{
	submission_release(&submission);
	return submission_read(&submission, name, &err);
}

static void assert_refused(const char *name, const char *reason)
{
	cr_assert_eq(read_path(name), 0, "%s", err.text);
	cr_assert(submission.refusal.en, "'%s' was accepted", name);
	cr_assert(submission.refusal.zh);
	cr_assert(strstr(submission.refusal.en, reason), "got: %s",
		submission.refusal.en);
}

Test(submission, takes_a_single_file_as_it_is)
{
	put("main.c", "int main(void) { return 0; }\n");
	cr_assert_eq(read_path(path("main.c")), 0);
	cr_assert_null(submission.refusal.en);
	cr_assert_eq(submission.file_count, 1);
	cr_assert_str_eq(submission.files[0].name, "main.c");
	cr_assert_str_eq(
		submission.files[0].data, "int main(void) { return 0; }\n");
	cr_assert_eq(strlen(submission.hash), 64);
}

Test(submission, takes_sources_of_a_folder_sorted_and_notes_the_rest)
{
	put("b.c", "int b;\n");
	put("a.h", "\n");
	put("notes.txt", "x");
	put("Makefile", "all:; rm -rf /\n");
	put("._b.c", "\xff\xfe");
	put("ANSWER.md", "守护进程是……\n");
	cr_assert_eq(read_path(folder), 0);
	cr_assert_null(submission.refusal.en, "%s", submission.refusal.en);
	cr_assert_eq(submission.file_count, 2);
	cr_assert_str_eq(submission.files[0].name, "a.h");
	cr_assert_str_eq(submission.files[1].name, "b.c");
	cr_assert_eq(submission.note_count, 1);
	cr_assert(strstr(submission.notes[0].text.en, "Makefile"));
	cr_assert_str_eq(submission.answer.written.text, "守护进程是……\n");
}

/* With ANSWER.md as it is: the program is accepted, the answer is not. */
static void assert_no_answer(const char *reason)
{
	cr_assert_eq(read_path(folder), 0, "%s", err.text);
	cr_assert_null(submission.refusal.en, "%s", submission.refusal.en);
	cr_assert_eq(submission.file_count, 1);
	cr_assert_null(submission.answer.written.text);
	cr_assert(answer_is_there(&submission.answer));
	cr_assert(strstr(submission.answer.trouble.en, reason), "%s",
		submission.answer.trouble.en);
	cr_assert_not_null(submission.answer.trouble.zh);
	submission_release(&submission);
}

Test(submission, an_answer_that_cannot_be_read_is_none_and_refuses_nothing)
{
	auto_free char *large = xcalloc(ANSWER_MAX + 2, 1);

	memset(large, 'x', ANSWER_MAX + 1);
	put("main.c", "int main;\n");
	put("ANSWER.md", large);
	assert_no_answer("too large: the limit is 64 KiB");
	put("ANSWER.md", "a\n\xd6\xd0\n");
	assert_no_answer("line 2, is not UTF-8");
	put_bytes("ANSWER.md", "a\0b", 3);
	assert_no_answer("line 1, is not UTF-8");
	put("ANSWER.md", " \r\n\t");
	assert_no_answer("is empty");
	unlink(path("ANSWER.md"));
	cr_assert_eq(symlink("/etc/passwd", path("ANSWER.md")), 0);
	assert_no_answer("a symbolic link");
	unlink(path("ANSWER.md"));
	cr_assert_eq(mkfifo(path("ANSWER.md"), 0600), 0);
	assert_no_answer("a special file");
	unlink(path("ANSWER.md"));
	cr_assert_eq(mkdir(path("ANSWER.md"), 0700), 0);
	assert_no_answer("a folder");
}

Test(submission, an_answer_is_text_without_marks_and_has_its_own_hash)
{
	auto_free char *alone = NULL;

	put("main.c", "int main;\n");
	cr_assert_eq(read_path(folder), 0);
	cr_assert(!answer_is_there(&submission.answer));
	alone = xstrdup(submission.hash);
	submission_release(&submission);
	put("Answer.md", "\xef\xbb\xbf"
			 "a\r\nb\rc\033[2J\n");
	put("answer.md", "not the first");
	cr_assert_eq(read_path(folder), 0);
	cr_expect_str_eq(submission.answer.written.file, "Answer.md");
	cr_expect_str_eq(submission.answer.written.text, "a\nb\xef\xbf\xbd"
							 "c\xef\xbf\xbd[2J\n");
	cr_expect_eq(strlen(submission.answer.written.hash), 64);
	cr_expect_str_eq(submission.hash, alone);
	cr_assert_eq(submission.note_count, 1);
	cr_expect(strstr(submission.notes[0].text.en, "answer.md"));
}

Test(submission, compiles_a_lone_file_of_an_odd_name_under_another)
{
	put("作业 2.c", "int main;\n");
	cr_assert_eq(read_path(path("作业 2.c")), 0);
	cr_assert_null(submission.refusal.en);
	cr_assert_str_eq(submission.files[0].name, "submission.c");
	cr_assert_str_eq(submission.notes[0].kind, "renamed-file");
}

Test(submission, takes_the_lone_source_of_a_folder_under_any_name)
{
	put("作业 2.c", "int main;\n");
	put("报告.docx", "x");
	cr_assert_eq(read_path(folder), 0);
	cr_assert_null(submission.refusal.en);
	cr_assert_str_eq(submission.files[0].name, "submission.c");
	submission_release(&submission);
	put("util.h", "\n");
	assert_refused(folder, "作业 2.c");
}

Test(submission, refuses_names_that_a_tool_could_take_for_an_option)
{
	put("main.c", "int main;\n");
	put("@args.c", "x\n");
	assert_refused(folder, "@args.c");
}

Test(submission, reports_a_missing_path_as_an_error)
{
	cr_assert_eq(read_path(path("none.c")), -ENOENT);
	cr_assert(strstr(err.text, "there is no file or folder"));
	cr_assert_eq(read_path(""), -ENOENT);
}

Test(submission, refuses_what_holds_no_code)
{
	assert_refused(folder, "no .c file");
	put("main.h", "int x;\n");
	assert_refused(folder, "no .c file");
	put("main.c", " \n\t\n");
	assert_refused(folder, "is empty");
	assert_refused(path("main.c"), "is empty");
	put("main.py", "print()\n");
	assert_refused(path("main.py"), "not a .c file");
}

/* What is in archives is in test_archive.c. */
Test(submission, refuses_what_only_calls_itself_an_archive)
{
	static const char *const names[] = {"work.zip", "work.tar.gz",
		"work.tgz", "work.7z", "work.rar", "WORK.ZIP"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		put(names[i], "no archive at all");
		assert_refused(path(names[i]), "cannot be read as an archive");
		cr_assert(strstr(submission.refusal.en, "pack it again"));
		cr_assert(strstr(submission.refusal.zh, "重新打包"));
	}
	put("main.c", "int main;\n");
	cr_assert_eq(read_path(folder), 0);
	cr_assert_null(submission.refusal.en);
	cr_assert_eq(submission.file_count, 1);
	cr_assert(strstr(submission.notes[0].text.en, "work.zip"));
}

/* An archive that calls itself a source. */
Test(submission, refuses_archives_called_c)
{
	put_bytes("main.c", "PK\3\4\24\0\0\0\10\0", 10);
	assert_refused(path("main.c"), "not text");
	put_bytes("main.c", "\x1f\x8b\x08\0\0\0\0\0", 8);
	assert_refused(path("main.c"), "line 1");
}

Test(submission, refuses_gbk_with_the_remedy_and_the_line)
{
	put("main.c", "int a;\n/* \xd6\xd0\xce\xc4 */\n");
	assert_refused(path("main.c"), "iconv -f GBK -t UTF-8");
	cr_assert(strstr(submission.refusal.en, "line 2"));
	cr_assert(strstr(submission.refusal.zh, "第 2 行"));
}

Test(submission, refuses_a_compiled_program_called_c)
{
	put_bytes("main.c",
		"\x7f"
		"ELF\0\0\0",
		7);
	assert_refused(path("main.c"), "NUL byte");
}

Test(submission, never_reads_a_huge_file)
{
	put("main.c", "int main;\n");
	cr_assert_eq(truncate(path("main.c"), 1LL << 40), 0);
	assert_refused(path("main.c"), "too large");
	assert_refused(folder, "too large");
}

Test(submission, limits_the_sum_and_the_number_of_files)
{
	static char data[SUBMISSION_FILE_MAX];

	memset(data, '\n', sizeof(data));
	for (int i = 0; i < 5; i++) {
		auto_free char *name = xasprintf("f%d.c", i);

		put_bytes(name, data, sizeof(data));
	}
	assert_refused(folder, "too large");
	for (int i = 0; i <= SUBMISSION_FILES_MAX; i++) {
		auto_free char *name = xasprintf("f%d.c", i);

		put(name, "int x;\n");
	}
	assert_refused(folder, "more than 64 source files");
}

Test(submission, never_opens_a_fifo_a_device_or_a_socket)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	cr_assert_eq(mkfifo(path("pipe.c"), 0600), 0);
	assert_refused(path("pipe.c"), "a FIFO");
	assert_refused(folder, "a FIFO");
	assert_refused("/dev/zero", "a device");
	unlink(path("pipe.c"));
	strcpy(address.sun_path, path("socket.c"));
	cr_assert_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_refused(folder, "a socket");
	close(fd);
}

Test(submission, follows_no_symbolic_link)
{
	cr_assert_eq(symlink("/etc/passwd", path("main.c")), 0);
	assert_refused(folder, "a symbolic link");
	assert_refused(path("main.c"), "a symbolic link");
	cr_assert_eq(mkdir(path("folder.c"), 0700), 0);
	unlink(path("main.c"));
	assert_refused(folder, "a folder");
}

Test(submission, hash_covers_names_and_bytes_and_nothing_else)
{
	auto_free char *first = NULL, *second = NULL;

	put("a.c", "int a;\n");
	put("notes.txt", "x");
	cr_assert_eq(read_path(folder), 0);
	first = xstrdup(submission.hash);
	put("notes.txt", "y");
	cr_assert_eq(read_path(folder), 0);
	cr_assert_str_eq(submission.hash, first);
	unlink(path("a.c"));
	put("b.c", "int a;\n");
	cr_assert_eq(read_path(folder), 0);
	second = xstrdup(submission.hash);
	cr_assert_str_neq(second, first);
}

Test(submission, shows_no_control_character_of_a_name)
{
	put("main.c", "int main;\n");
	put("\033[31mred\n.c", "x\n");
	assert_refused(folder, "red");
	cr_assert_null(strchr(submission.refusal.en, '\033'));
	cr_assert_null(strchr(submission.refusal.en, '\n'));
}
