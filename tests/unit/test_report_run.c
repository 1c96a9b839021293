/* The summary of `grader run`. */
#include "grader/report/layout.h"
#include "grader/report/report.h"
#include "plain_run.h"

static const char *const NO_ARGUMENTS[] = {NULL};

/* The summary of the run, of which one or more schedules were made. */
static char *summarise(struct plain_run *plain, size_t schedules,
	enum language language, bool colour)
{
	struct report_style style = {
		.language = language, .colour = colour, .columns = 80};
	struct run_call call = {.path = "a.c", .arguments = NO_ARGUMENTS};
	struct outcomes outcomes = {0};
	struct account account;
	struct run_summary summary = {
		.call = &call,
		.account = &account,
		.outcome = &plain->outcome,
		.outcomes = schedules > 1 ? &outcomes : NULL,
		.schedules = schedules,
	};
	struct buf text = {0};

	account_make(&account, plain_observe(plain));
	for (size_t i = 0; i < schedules; i++)
		outcomes_add(&outcomes, &plain->run, &account);
	outcomes_settle(&outcomes);
	report_run_write(&text, &summary, &style);
	account_release(&account);
	outcomes_release(&outcomes);
	plain_release(plain);
	return buf_detach(&text);
}

static void expect(const char *text, const char *part)
{
	cr_expect(strstr(text, part), "no '%s' in:\n%s", part, text);
}

static void two_processes(struct plain_run *plain)
{
	int child;

	plain_start(plain);
	child = plain_fork(plain, 0, false, 7);
	plain_exit(plain, child, SECOND, 0, 0, 0);
	plain_reap(plain, 0, child);
	plain_exit(plain, 0, 2 * SECOND, 0, 0, 0);
}

Test(report_run, a_hello_world_gets_one_line)
{
	struct plain_run plain;
	auto_free char *text = NULL;

	plain_start(&plain);
	plain_exit(&plain, 0, 0, 0, 0, 0);
	text = summarise(&plain, 1, LANGUAGE_EN, false);
	expect(text, "✓ ended with exit status 0 · 0.000 s of virtual time");
	cr_expect_eq(strchr(text, '\n')[1], '\0', "%s", text);
}

Test(report_run, processes_stand_in_a_table_and_more_orders_are_offered)
{
	struct plain_run plain;
	auto_free char *text = NULL;

	two_processes(&plain);
	text = summarise(&plain, 1, LANGUAGE_EN, false);
	expect(text, "    child 1  a.c:7    0.000 – 1.000 s  exit 0, waited");
	expect(text, "grader run a.c --schedules 50");
}

Test(report_run, each_result_has_a_command_that_shows_it)
{
	struct plain_run plain;
	auto_free char *text = NULL;

	two_processes(&plain);
	text = summarise(&plain, 3, LANGUAGE_EN, false);
	expect(text, "3 schedules, all with the same result");
	expect(text, "3×  ended with exit status 0");
	expect(text, "grader run a.c --seed 0 --policy run-to-block");
	cr_expect_null(strstr(text, "--schedules"));
}

Test(report_run, colour_and_language_are_the_styles)
{
	struct plain_run plain;
	auto_free char *text = NULL, *plain_text = NULL;

	two_processes(&plain);
	text = summarise(&plain, 1, LANGUAGE_ZH, true);
	expect(text, "\033[32m ✓ ");
	expect(text, "结束，退出状态 0");
	expect(text, "由 main 回收");
	two_processes(&plain);
	plain_text = summarise(&plain, 1, LANGUAGE_EN, false);
	cr_expect_null(strchr(plain_text, '\033'));
}

Test(report_run, no_line_is_wider_than_the_terminal)
{
	for (int language = LANGUAGE_ZH; language <= LANGUAGE_EN; language++) {
		struct plain_run plain;
		auto_free char *text = NULL;
		char *rest, *line;

		plain_start(&plain);
		for (int i = 0; i < 12; i++)
			plain_mark(&plain, EVENT_ZOMBIE,
				plain_fork(&plain, i, i % 2, 1000 + i), -1);
		plain_file(
			&plain, "a name of some length that goes on.txt", "x");
		plain_exit(&plain, 0, 3599 * SECOND, -1, SIGSEGV, 12345);
		text = summarise(&plain, 5, (enum language)language, false);
		rest = text;
		while ((line = strsep(&rest, "\n")))
			cr_expect_leq(layout_width(line), 80, "%s", line);
	}
}

Test(report_run, a_command_is_safe_to_paste)
{
	static const char *const arguments[] = {"a b", "it's", NULL};
	static const char *const options[] = {"--file", "my file"};
	struct run_call call = {.path = "-odd name.c",
		.options = options,
		.option_count = 2,
		.arguments = arguments,
		.has_input = true};
	struct buf text = {0};

	report_run_command(&text, &call, " --seed 7");
	cr_expect_str_eq(buf_text(&text),
		"grader run ./'-odd name.c' --seed 7 --file 'my file' -- "
		"'a b' 'it'\\''s' <INPUT");
	buf_release(&text);
}
