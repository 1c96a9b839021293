/*
 * Library functions that copy or look at memory: the compiler does not see
 * into them, so they are wrapped.  A copy is made in two halves with a
 * scheduling point between, as nothing makes it one step.
 */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>

#include "guest.h"

#define HALVES_FROM 16 /* bytes; below, one instruction could do it */

static int counts(const void *address, size_t size, uintptr_t caller)
{
	const char *bytes = address;

	return is_watching() && is_student(caller) && size > 0 &&
	       (is_shared((uintptr_t)bytes) ||
		       is_shared((uintptr_t)bytes + size - 1));
}

static int look(
	enum hooks_op op, const void *address, size_t size, uintptr_t caller)
{
	if (!counts(address, size, caller))
		return 0;
	guest_point(address, hooks_what(op, size) | HOOKS_COPY, caller);
	return size >= HALVES_FROM;
}

/* Points of a copy; true when it is to be made in two halves. */
static int look_at_copy(
	const void *to, const void *from, size_t size, uintptr_t caller)
{
	int halves = look(HOOKS_READ, from, size, caller);

	return look(HOOKS_WRITE, to, size, caller) || halves;
}

static void between(const char *to, const char *from, size_t done, size_t size,
	uintptr_t caller)
{
	look(HOOKS_READ, from + done, size - done, caller);
	look(HOOKS_WRITE, to + done, size - done, caller);
}

size_t __real_strlen(const char *text);
GUEST size_t __wrap_strlen(const char *text);
size_t __wrap_strlen(const char *text)
{
	look(HOOKS_READ, text, 1, CALLER);
	return __real_strlen(text);
}

void *__real_memcpy(void *to, const void *from, size_t size);
GUEST void *__wrap_memcpy(void *to, const void *from, size_t size);
void *__wrap_memcpy(void *to, const void *from, size_t size)
{
	size_t half = size / 2;

	if (!is_watching() || !look_at_copy(to, from, size, CALLER))
		return __real_memcpy(to, from, size);
	__real_memcpy(to, from, half);
	between(to, from, half, size, CALLER);
	__real_memcpy(
		(char *)to + half, (const char *)from + half, size - half);
	return to;
}

void *__real_memmove(void *to, const void *from, size_t size);
GUEST void *__wrap_memmove(void *to, const void *from, size_t size);
void *__wrap_memmove(void *to, const void *from, size_t size)
{
	if (is_watching())
		look_at_copy(to, from, size, CALLER);
	return __real_memmove(to, from, size);
}

void *__real_memset(void *to, int value, size_t size);
GUEST void *__wrap_memset(void *to, int value, size_t size);
void *__wrap_memset(void *to, int value, size_t size)
{
	look(HOOKS_WRITE, to, size, CALLER);
	return __real_memset(to, value, size);
}

int __real_memcmp(const void *a, const void *b, size_t size);
GUEST int __wrap_memcmp(const void *a, const void *b, size_t size);
int __wrap_memcmp(const void *a, const void *b, size_t size)
{
	look(HOOKS_READ, a, size, CALLER);
	look(HOOKS_READ, b, size, CALLER);
	return __real_memcmp(a, b, size);
}

static void copy_text(char *to, const char *from, uintptr_t caller)
{
	size_t size = __real_strlen(from) + 1, half = size / 2;

	if (!look_at_copy(to, from, size, caller)) {
		__real_memcpy(to, from, size);
		return;
	}
	__real_memcpy(to, from, half);
	between(to, from, half, size, caller);
	/* it may be longer or shorter by now */
	size = __real_strlen(from + half) + 1;
	__real_memcpy(to + half, from + half, size);
}

char *__real_strcpy(char *to, const char *from);
GUEST char *__wrap_strcpy(char *to, const char *from);
char *__wrap_strcpy(char *to, const char *from)
{
	if (!is_watching() || !is_student(CALLER))
		return __real_strcpy(to, from);
	copy_text(to, from, CALLER);
	return to;
}

char *__real_strncpy(char *to, const char *from, size_t size);
GUEST char *__wrap_strncpy(char *to, const char *from, size_t size);
char *__wrap_strncpy(char *to, const char *from, size_t size)
{
	look(HOOKS_READ, from, 1, CALLER);
	look(HOOKS_WRITE, to, size, CALLER);
	return __real_strncpy(to, from, size);
}

char *__real_strcat(char *to, const char *from);
GUEST char *__wrap_strcat(char *to, const char *from);
char *__wrap_strcat(char *to, const char *from)
{
	look(HOOKS_READ, from, 1, CALLER);
	look(HOOKS_WRITE, to, 1, CALLER);
	return __real_strcat(to, from);
}

char *__real_strncat(char *to, const char *from, size_t size);
GUEST char *__wrap_strncat(char *to, const char *from, size_t size);
char *__wrap_strncat(char *to, const char *from, size_t size)
{
	look(HOOKS_READ, from, 1, CALLER);
	look(HOOKS_WRITE, to, 1, CALLER);
	return __real_strncat(to, from, size);
}

int __real_strcmp(const char *a, const char *b);
GUEST int __wrap_strcmp(const char *a, const char *b);
int __wrap_strcmp(const char *a, const char *b)
{
	look(HOOKS_READ, a, 1, CALLER);
	look(HOOKS_READ, b, 1, CALLER);
	return __real_strcmp(a, b);
}

int __real_strncmp(const char *a, const char *b, size_t size);
GUEST int __wrap_strncmp(const char *a, const char *b, size_t size);
int __wrap_strncmp(const char *a, const char *b, size_t size)
{
	look(HOOKS_READ, a, size ? 1 : 0, CALLER);
	look(HOOKS_READ, b, size ? 1 : 0, CALLER);
	return __real_strncmp(a, b, size);
}

GUEST int __wrap_snprintf(char *to, size_t size, const char *format, ...);
int __wrap_snprintf(char *to, size_t size, const char *format, ...)
{
	va_list arguments;
	int length;

	look(HOOKS_WRITE, to, size ? 1 : 0, CALLER);
	va_start(arguments, format);
	length = vsnprintf(to, size, format, arguments);
	va_end(arguments);
	return length;
}

GUEST int __wrap_sprintf(char *to, const char *format, ...);
int __wrap_sprintf(char *to, const char *format, ...)
{
	va_list arguments;
	int length;

	look(HOOKS_WRITE, to, 1, CALLER);
	va_start(arguments, format);
	length = vsprintf(to, format, arguments);
	va_end(arguments);
	return length;
}
