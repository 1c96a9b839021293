/* Messages in the user's language: the catalogue, and who asks for it. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/message.h"
#include "grader/translation.h"

/* Sorted, as msgfmt sorts them. */
static const char *const PAIRS[][2] = {
	{"", "Content-Type: text/plain; charset=UTF-8\n"},
	{"No such file or directory", "没有这个文件或文件夹"},
	{"cannot read '%s'", "无法读取“%s”"},
	{"exercise '%s', scenario '%s'", "场景“%2$s”（练习“%1$s”）"},
	{"exercise '%s'", "练习“%s”"},
	{"missing", "缺少"},
};
#define COUNT (sizeof(PAIRS) / sizeof(*PAIRS))
#define TABLE_BYTES (COUNT * 2 * sizeof(uint32_t))
enum { HEADER = 7 * sizeof(uint32_t) };

static void add_number(struct buf *out, size_t number)
{
	uint32_t value = (uint32_t)number;

	buf_add(out, (const char *)&value, sizeof(value));
}

static int compare(const void *a, const void *b)
{
	return strcmp(**(const char *const *const *)a,
		**(const char *const *const *)b);
}

/* A catalogue of PAIRS. */
static void write_catalogue(struct buf *out)
{
	const char *const *rows[COUNT];
	size_t at = HEADER + 2 * TABLE_BYTES;

	for (size_t i = 0; i < COUNT; i++)
		rows[i] = PAIRS[i];
	qsort(rows, COUNT, sizeof(*rows), compare);
	add_number(out, 0x950412de);
	add_number(out, 0);
	add_number(out, COUNT);
	add_number(out, HEADER);
	add_number(out, HEADER + TABLE_BYTES);
	add_number(out, 0);
	add_number(out, 0);
	for (int side = 0; side < 2; side++)
		for (size_t i = 0; i < COUNT; i++) {
			add_number(out, strlen(rows[i][side]));
			add_number(out, at);
			at += strlen(rows[i][side]) + 1;
		}
	for (int side = 0; side < 2; side++)
		for (size_t i = 0; i < COUNT; i++)
			buf_add(out, rows[i][side], strlen(rows[i][side]) + 1);
}

static struct translation *read_catalogue(void)
{
	struct buf text = {0};
	struct translation *read;

	write_catalogue(&text);
	read = translation_read(text.data, text.length);
	buf_release(&text);
	cr_assert_not_null(read);
	return read;
}

Test(translation, finds_every_text_and_no_other)
{
	struct translation *read = read_catalogue();

	for (size_t i = 1; i < COUNT; i++)
		cr_expect_str_eq(
			translation_find(read, PAIRS[i][0]), PAIRS[i][1]);
	cr_expect_null(translation_find(read, "a"));
	cr_expect_null(translation_find(read, "missin"));
	cr_expect_null(translation_find(read, "missing!"));
	cr_expect_null(translation_find(read, "zzz"));
	cr_expect_null(
		translation_find(read, ""), "the heading is no translation");
	translation_free(read);
}

Test(translation, refuses_a_catalogue_that_is_cut_off)
{
	struct buf text = {0};

	write_catalogue(&text);
	for (size_t length = 0; length < text.length; length++) {
		struct translation *read = translation_read(text.data, length);

		cr_expect_null(read, "%zu bytes of %zu", length, text.length);
		translation_free(read);
	}
	buf_release(&text);
}

/* Nothing outside is read, whatever a number says; sanitizers would tell. */
Test(translation, is_safe_with_any_number_wrong)
{
	static const uint32_t wrong[] = {
		1, 0x7fffffff, 0x80000000, 0xfffffff8, UINT32_MAX};
	struct buf text = {0};

	write_catalogue(&text);
	for (size_t at = 0; at < HEADER + 2 * TABLE_BYTES;
		at += sizeof(uint32_t)) {
		uint32_t old;

		memcpy(&old, text.data + at, sizeof(old));
		for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
			struct translation *read;

			memcpy(text.data + at, &wrong[i], sizeof(old));
			read = translation_read(text.data, text.length);
			if (read)
				(void)translation_find(read, "missing");
			translation_free(read);
		}
		memcpy(text.data + at, &old, sizeof(old));
	}
	buf_release(&text);
}

static struct translation *chosen;

static const char *translate(const char *english)
{
	const char *found = translation_find(chosen, english);

	return found ? found : english;
}

Test(translation, errors_are_told_in_it)
{
	struct err err = {""};

	chosen = read_catalogue();
	message_set_translation(translate);
	cr_expect_eq(
		err_errno(&err, -ENOENT, "cannot read '%s'", "a.c"), -ENOENT);
	cr_expect_str_eq(err.text, "无法读取“a.c”: 没有这个文件或文件夹");
	err_context(&err, -ENOENT, "exercise '%s'", "tickets");
	cr_expect_str_eq(
		err.text, "练习“tickets”: 无法读取“a.c”: 没有这个文件或文件夹");
	err_set(&err, -EINVAL, "exercise '%s', scenario '%s'", "e", "s");
	cr_expect_str_eq(err.text, "场景“s”（练习“e”）",
		"the order of the arguments may change");
	err_set(&err, -EINVAL, "no translation of %d", 5);
	cr_expect_str_eq(err.text, "no translation of 5");
	message_set_translation(NULL);
	err_set(&err, -EINVAL, "cannot read '%s'", "a.c");
	cr_expect_str_eq(err.text, "cannot read 'a.c'");
	translation_free(chosen);
}

static enum language asked(const char *locale, const char *a, const char *b)
{
	char name[] = "grader", command[] = "check";
	char *argv[] = {name, command, (char *)(uintptr_t)a,
		(char *)(uintptr_t)b, NULL};

	unsetenv("LC_ALL");
	unsetenv("LC_MESSAGES");
	setenv("LANG", locale, 1);
	return translation_language(argv);
}

Test(translation, the_command_line_is_stronger_than_the_locale)
{
	cr_expect_eq(asked("C", NULL, NULL), LANGUAGE_EN);
	cr_expect_eq(asked("zh_CN.UTF-8", NULL, NULL), LANGUAGE_ZH);
	cr_expect_eq(asked("C", "--lang=zh", NULL), LANGUAGE_ZH);
	cr_expect_eq(asked("C", "--lang", "zh"), LANGUAGE_ZH);
	cr_expect_eq(asked("C", "-l", "zh"), LANGUAGE_ZH);
	cr_expect_eq(asked("C", "-lzh", NULL), LANGUAGE_ZH);
	cr_expect_eq(asked("zh_CN", "--lang=en", NULL), LANGUAGE_EN);
	cr_expect_eq(asked("zh_CN", "--lang", NULL), LANGUAGE_ZH);
	cr_expect_eq(asked("C", "--lang", "fr"), LANGUAGE_EN);
	cr_expect_eq(asked("C", "--", "--lang=zh"), LANGUAGE_EN,
		"behind -- stands what is a program's own");
}
