/* How it works: the first locale variable that is set decides, as in libc. */
#include "grader/language.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

/* The value of the first variable that has one. */
static const char *first_set(const char *const *variables, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *value = getenv(variables[i]);

		if (value && *value)
			return value;
	}
	return "C";
}

enum language language_default(void)
{
	static const char *const variables[] = {
		"LC_ALL", "LC_MESSAGES", "LANG"};

	const char *name =
		first_set(variables, sizeof(variables) / sizeof(*variables));

	return strncmp(name, "zh", 2) ? LANGUAGE_EN : LANGUAGE_ZH;
}

bool language_is_utf8(void)
{
	static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};
	const char *name =
		first_set(variables, sizeof(variables) / sizeof(*variables));
	locale_t locale = newlocale(LC_CTYPE_MASK, name, (locale_t)0);
	bool is_utf8;

	/* not installed: what it is called has to do */
	if (!locale)
		return strcasestr(name, ".utf-8") || strcasestr(name, ".utf8");
	is_utf8 = !strcmp(nl_langinfo_l(CODESET, locale), "UTF-8");
	freelocale(locale);
	return is_utf8;
}

const char *language_name(enum language language)
{
	return language == LANGUAGE_ZH ? "zh" : "en";
}

int language_by_name(const char *name, enum language *language)
{
	if (!strcmp(name, "zh"))
		*language = LANGUAGE_ZH;
	else if (!strcmp(name, "en"))
		*language = LANGUAGE_EN;
	else
		return -1;
	return 0;
}

const char *language_pick(const struct bilingual *text, enum language language)
{
	const char *first = language == LANGUAGE_ZH ? text->zh : text->en;
	const char *second = language == LANGUAGE_ZH ? text->en : text->zh;

	if (first && *first)
		return first;
	return second ? second : "";
}
