/* Text on a terminal: widths, wrapping at 80 columns, suggestions. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/buf.h"
#include "grader/report/layout.h"
#include "grader/suggest.h"

Test(report_layout, counts_wide_characters_as_two)
{
	cr_assert_eq(layout_width("abc"), 3);
	cr_assert_eq(layout_width("进程 a"), 6);
	cr_assert_eq(layout_width("e\u0301"), 1);
	cr_assert_eq(layout_width(""), 0);
}

Test(report_layout, pads_and_cuts_by_columns)
{
	struct buf out = {0};

	layout_pad(&out, "路人", 6);
	layout_pad_left(&out, "5", 3);
	cr_assert_str_eq(buf_text(&out), "路人    5");
	buf_clear(&out);
	layout_fit(&out, "路人甲乙丙", 6);
	cr_assert_str_eq(buf_text(&out), "路人… ");
	cr_assert_eq(layout_width(buf_text(&out)), 6);
	buf_release(&out);
}

static void assert_lines_fit(const char *text, size_t columns)
{
	while (*text) {
		char line[512];
		size_t length = strcspn(text, "\n");

		cr_assert_lt(length, sizeof(line));
		memcpy(line, text, length);
		line[length] = '\0';
		cr_assert_leq(layout_width(line), columns, "%s", line);
		text += length + 1;
	}
}

Test(report_layout, wraps_at_blanks_and_indents)
{
	struct buf out = {0};

	layout_wrap(&out, "  - ", "one two three four", 13);
	cr_assert_str_eq(buf_text(&out), "  - one two\n    three\n    four\n");
	buf_release(&out);
}

Test(report_layout, wraps_chinese_between_characters)
{
	struct buf out = {0};

	layout_wrap(&out, "  ",
		"路人1 在 1.000 s 读到余票为 3，而这时路人3 已经在买票，"
		"两个人都写回了 2，有一张票被卖了两次。",
		40);
	assert_lines_fit(buf_text(&out), 40);
	cr_assert_null(strstr(buf_text(&out), "\n  ，"));
	cr_assert_null(strstr(buf_text(&out), "\n  。"));
	buf_release(&out);
}

Test(report_layout, keeps_a_word_that_is_too_long_whole)
{
	struct buf out = {0};

	layout_wrap(&out, "", "a very-long-word-indeed b", 8);
	cr_assert_str_eq(buf_text(&out), "a\nvery-long-word-indeed\nb\n");
	buf_release(&out);
}

Test(report_layout, keeps_the_newlines_of_the_text)
{
	struct buf out = {0};

	layout_wrap(&out, "> ", "a\nb\n", 20);
	cr_assert_str_eq(buf_text(&out), "> a\n  b\n");
	buf_release(&out);
}

Test(report_layout, wraps_a_command_so_that_it_can_be_copied)
{
	struct buf out = {0};

	layout_wrap_command(&out, "> ", "grader trace tickets --seed 1", 18);
	cr_assert_str_eq(buf_text(&out),
		"> grader trace \\\n  tickets --seed \\\n  1\n");
	assert_lines_fit(buf_text(&out), 18);
	buf_release(&out);
}

Test(report_layout, suggests_what_was_probably_meant)
{
	static const char *const names[] = {
		"daemon", "tickets", "producer-consumer"};

	cr_assert_str_eq(suggest("tickest", names, 3), "tickets");
	cr_assert_str_eq(suggest("deamon", names, 3), "daemon");
	cr_assert_str_eq(suggest("producer", names, 3), "producer-consumer");
	cr_assert_null(suggest("x", names, 3));
	cr_assert_null(suggest("spawn", names, 3));
}
