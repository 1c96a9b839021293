/*
 * The messages of the command line in the user's language: gettext's
 * catalogue, LOCALE/zh_CN/LC_MESSAGES/grader.mo.
 *
 * It is read here and not by the C library, which translates nothing where
 * the user's locale was not generated; a container has C.UTF-8 and no other,
 * and from glibc 2.39 on LANGUAGE does nothing there.  So the language is
 * what language.h says, on every machine, and the locale of the process, on
 * which numbers depend, stays "C".
 */
#ifndef GRADER_TRANSLATION_H
#define GRADER_TRANSLATION_H

#include <stddef.h>

#include "grader/language.h"

struct translation; /* opaque: a catalogue */

/*
 * The catalogue in DATA, which is copied; NULL when it is none that can be
 * used.  Freed by translation_free().
 */
struct translation *translation_read(const char *data, size_t length);
void translation_free(struct translation *translation);

/* What stands for ENGLISH, borrowed; NULL when nothing does. */
const char *translation_find(
	const struct translation *translation, const char *english);

/*
 * The language that the command line asks for with --lang, else that of the
 * locale.  It is looked for before the command knows its options, so that
 * their explanations and what is wrong with them are told in it too.  ARGV
 * ends with NULL.
 */
enum language translation_language(char *const *argv);

/* translated() speaks LANGUAGE from now on; English without a catalogue. */
void translation_use(enum language language);

#endif
