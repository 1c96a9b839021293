/* The two languages of the course. */
#ifndef GRADER_LANGUAGE_H
#define GRADER_LANGUAGE_H

#include <stdbool.h>

#include "grader/verdict.h"

enum language { LANGUAGE_ZH, LANGUAGE_EN };

/* From LC_ALL, LC_MESSAGES or LANG: Chinese when it begins with "zh". */
enum language language_default(void);

/* The locale's characters are UTF-8, also where the locale is not installed. */
bool language_is_utf8(void);

const char *language_name(enum language language); /* static: "zh" */

/* 0, or -1 when NAME is neither "zh" nor "en". */
int language_by_name(const char *name, enum language *language);

/* TEXT in that language; the other one when it lacks, "" without both. */
const char *language_pick(const struct bilingual *text, enum language language);

#endif
