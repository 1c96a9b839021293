/*
 * What the attacks share.  An attack tells what it reached that it should not
 * have, LEAK ..., and only one that reached nothing says "done", which earns
 * its points: so a row may ask for both, that the attack failed and that the
 * program was graded as any other.
 */
#ifndef ATTACK_H
#define ATTACK_H

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static int attack_leaks;

static inline void leak(const char *format, ...)
{
	va_list args;

	attack_leaks++;
	va_start(args, format);
	fputs("LEAK ", stdout);
	vprintf(format, args);
	putchar('\n');
	fflush(stdout); /* it may not come to its end */
	va_end(args);
}

/* For `return finish();` at the end of main. */
static inline int finish(void)
{
	if (!attack_leaks)
		puts("done");
	return attack_leaks > 0;
}

#endif
