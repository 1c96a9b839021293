/*
 * Errors of the grader itself: no gcc, no disk, no permission.
 *
 * A function that can meet such trouble takes `struct err *err` last and
 * returns a negative errno; on the way up each caller may add context in
 * front, so that the text finally reads like a sentence:
 *
 *	exercise 'tickets': scenario 'hidden-25': cannot start the jail: ...
 *
 * Modules never print: the command prints the text once.  What a student's
 * program does wrong is never an err, it is data (a finding).
 *
 * Messages are lower case, without a full stop, names in single quotes, and
 * they say what to do where something can be done.  FORMAT is English; the text
 * is in the user's language, see message.h.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

struct err {
	char text[1024]; /* NUL-terminated; "" when nothing went wrong */
};

/* Sets the text and returns CODE (a negative errno), for `return err_set()`. */
int err_set(struct err *err, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* As err_set(), with ": " and strerror(-CODE) behind the text. */
int err_errno(struct err *err, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts "FORMATTED: " in front of the text that is there; returns CODE. */
int err_context(struct err *err, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
