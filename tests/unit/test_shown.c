/* What may reach a terminal or the log of a build server. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "grader/report/terminal.h"
#include "grader/shown.h"

static void assert_shown(const char *text, const char *expected)
{
	struct buf out = {0};

	shown_add(&out, text, strlen(text), NULL);
	cr_expect_str_eq(buf_text(&out), expected, "\"%s\" became \"%s\"", text,
		buf_text(&out));
	buf_release(&out);
}

Test(shown, leaves_plain_text_alone)
{
	assert_shown("", "");
	assert_shown("路人 3：a :: b\n\tok ", "路人 3：a :: b\n\tok ");
	assert_shown(
		"#include <x> // ## and [1]", "#include <x> // ## and [1]");
	assert_shown("x.c:1:2: error: y", "x.c:1:2: error: y");
}

Test(shown, replaces_controls_and_what_is_not_utf8)
{
	assert_shown("a\033[2Jb\r\b\x7f", "a\ufffd[2Jb\ufffd\ufffd\ufffd");
	assert_shown("\xff\xfe", "\ufffd\ufffd");
	assert_shown("\xc2\x9b", "\ufffd");
}

Test(shown, replaces_what_cannot_be_seen_or_turns_a_line)
{
	assert_shown("\u202e001 SSAP\u202c", "\ufffd001 SSAP\ufffd");
	assert_shown("do\u200bne\ufeff", "do\ufffdne\ufffd");
	assert_shown("a\u2066b\u2069", "a\ufffdb\ufffd");
}

Test(shown, breaks_the_commands_of_build_servers)
{
	assert_shown("::error::x", ": :error::x");
	assert_shown(
		"  \t::set-output name=a::b", "  \t: :set-output name=a::b");
	assert_shown("a\n::stop-commands::b", "a\n: :stop-commands::b");
	assert_shown("text ##[error]x", "text # #[error]x");
	assert_shown("##vso[task.setvariable]x", "# #vso[task.setvariable]x");
	assert_shown("##teamcity[x]", "# #teamcity[x]");
}

/* For them many characters count as nothing. */
Test(shown, breaks_commands_that_are_written_with_something_between)
{
	assert_shown("\u200b::error::x", "\ufffd: :error::x");
	assert_shown(":\ufe0f:error::x", ": \ufe0f:error::x");
	assert_shown("#\ufe0f#\ufe0f[error]x", "# \ufe0f#\ufe0f[error]x");
}

Test(shown, codes_are_ours_only)
{
	static const char *const codes[SHOWN_CODES] = {[1] = "<b>"};
	struct buf out = {0};

	shown_add(&out, "\1a\2\033", 4, codes);
	cr_expect_str_eq(buf_text(&out), "<b>a\ufffd\ufffd");
	buf_release(&out);
}

Test(shown, a_report_has_the_colours_it_painted_and_no_others)
{
	const struct report_style colours = {.colour = true, .columns = 80};
	const struct report_style plain = {.columns = 80};
	struct buf out = {0};

	buf_adds(&out, "\033[5mkept");
	paint(&out, &colours, PAINT_BAD, "red\033[0m");
	paint(&out, &colours, PAINT_BOLD, "");
	terminal_finish(&out, 8, &colours);
	cr_expect_str_eq(buf_text(&out),
		"\033[5mkept\033[31mred\ufffd[0m\033[0m\033[1m\033[0m");
	buf_clear(&out);
	paint(&out, &plain, PAINT_BAD, "red\1\6");
	terminal_finish(&out, 0, &plain);
	cr_expect_str_eq(buf_text(&out), "red\ufffd\ufffd");
	buf_release(&out);
}

Test(shown, the_server_is_known_by_its_environment)
{
	unsetenv("GITHUB_ACTIONS");
	unsetenv("TF_BUILD");
	unsetenv("TEAMCITY_VERSION");
	cr_expect_not(shown_to_server());
	setenv("GITHUB_ACTIONS", "true", 1);
	cr_expect(shown_to_server());
}
