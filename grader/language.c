/* How it works: the first locale variable that is set decides, as in libc. */
#include "grader/language.h"

#include <stdlib.h>
#include <string.h>

enum language language_default(void)
{
	static const char *const variables[] = {
		"LC_ALL", "LC_MESSAGES", "LANG"};

	for (size_t i = 0; i < sizeof(variables) / sizeof(*variables); i++) {
		const char *value = getenv(variables[i]);

		if (value && *value)
			return strncmp(value, "zh", 2) ? LANGUAGE_EN
						       : LANGUAGE_ZH;
	}
	return LANGUAGE_EN;
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
