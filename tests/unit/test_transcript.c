/* The program's output, and the name under which it runs. */
#include "grader/transcript.h"

#include "base/buf.h"
#include "grader/program_name.h"
#include "plain_run.h"

static void collect(void *context, enum transcript_stream stream,
	const char *text, size_t length)
{
	struct buf *streams = context;

	buf_add(&streams[stream], text, length);
}

struct printed {
	struct buf streams[2];
	bool open;
};

static struct printed print(struct plain_run *plain, bool who)
{
	struct printed printed = {0};

	printed.open = transcript_write(
		plain_observe(plain), who, collect, printed.streams);
	return printed;
}

static void finish(struct plain_run *plain, struct printed *printed)
{
	buf_release(&printed->streams[0]);
	buf_release(&printed->streams[1]);
	plain_release(plain);
}

Test(transcript, lines_go_to_their_streams_as_they_came)
{
	struct plain_run plain;
	struct printed printed;

	plain_start(&plain);
	plain_line(&plain, "one");
	plain_print(&plain, 0, 0, "stderr", "wrong", true);
	plain_line(&plain, "");
	plain_print(&plain, 0, 0, "stdout", "two", false);
	printed = print(&plain, false);
	cr_expect_str_eq(buf_text(&printed.streams[0]), "one\n\ntwo");
	cr_expect_str_eq(buf_text(&printed.streams[1]), "wrong\n");
	cr_expect(printed.open);
	finish(&plain, &printed);
}

Test(transcript, who_stands_in_front_of_each_line)
{
	struct plain_run plain;
	struct printed printed;

	plain_start(&plain);
	plain_fork(&plain, 0, false, 1);
	plain_line(&plain, "one");
	plain_print(&plain, 1, 3 * SECOND / 2, "stdout", "two", true);
	printed = print(&plain, true);
	cr_expect_str_eq(buf_text(&printed.streams[0]),
		"    0.000 s  main    | one\n"
		"    1.500 s  child 1 | two\n");
	cr_expect_not(printed.open);
	finish(&plain, &printed);
}

Test(transcript, pieces_of_one_long_line_stay_one_line)
{
	struct plain_run plain;
	struct printed printed;

	plain_start(&plain);
	plain_fork(&plain, 0, false, 1);
	plain_print(&plain, 0, 0, "stdout", "on", false);
	plain_print(&plain, 0, 0, "stdout", "ly", false);
	plain_print(&plain, 1, 0, "stdout", "me", true);
	printed = print(&plain, true);
	cr_expect_str_eq(buf_text(&printed.streams[0]),
		"    0.000 s  main    | only\n"
		"    0.000 s  child 1 | me\n");
	finish(&plain, &printed);
}

Test(transcript, a_program_is_called_as_its_file_or_folder)
{
	static const char *const names[][2] = {
		{"hello.c", "hello"},
		{"work/hello.c", "hello"},
		{"work/", "work"},
		{"a/b//", "b"},
		{"x.c.c", "x.c"},
		{".", "program"},
		{"..", "program"},
		{"/", "program"},
		{".c", "program"},
		{"a/.c", "program"},
		{"./.hidden.c", "program"},
		{"票.c", "票"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		auto_free char *name = program_name(names[i][0]);

		cr_expect_str_eq(name, names[i][1], "%s", names[i][0]);
	}
}
