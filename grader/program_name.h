/* The name under which a program that no exercise names is run. */
#ifndef GRADER_PROGRAM_NAME_H
#define GRADER_PROGRAM_NAME_H

/*
 * "hello" for "work/hello.c", "work" for "work/"; "program" when PATH has no
 * name of its own.  One path component that does not begin with a dot; the
 * caller frees it.
 */
char *program_name(const char *path);

#endif
