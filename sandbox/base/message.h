/*
 * Texts that the program itself says, in the language of who runs it.
 *
 * They stand in English in the code.  _() gives the translation, N_() marks a
 * text that is translated later, such as one in a table; the formats of
 * err_set() and its like need neither.  scripts/texts knows all the names by
 * which xgettext finds them; po/ has the translations.
 *
 * What a report says is not said this way: it has both languages at once.
 */
#ifndef BASE_MESSAGE_H
#define BASE_MESSAGE_H

/* The translation of ENGLISH, which is never NULL; ENGLISH when it has none. */
typedef const char *message_translation(const char *english);

/* From now on translated() asks TRANSLATION; there is none to begin with. */
void message_set_translation(message_translation *translation);

/* ENGLISH, or a static text that says the same. */
const char *translated(const char *english) __attribute__((format_arg(1)));

#define _(english) translated(english)
#define N_(english) english

#endif
