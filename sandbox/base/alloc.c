#define _GNU_SOURCE
#include "base/alloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void *or_die(void *memory)
{
	if (!memory) {
		fputs("grader: out of memory\n", stderr);
		_exit(3);
	}
	return memory;
}

void *xmalloc(size_t size)
{
	return or_die(malloc(size ? size : 1));
}

void *xcalloc(size_t count, size_t size)
{
	return or_die(calloc(count ? count : 1, size ? size : 1));
}

void *xreallocarray(void *old, size_t count, size_t size)
{
	return or_die(reallocarray(old, count ? count : 1, size ? size : 1));
}

char *xstrdup(const char *text)
{
	return or_die(strdup(text));
}

char *xstrndup(const char *text, size_t max)
{
	return or_die(strndup(text, max));
}

char *xasprintf(const char *format, ...)
{
	va_list args;
	char *text;
	int length;

	va_start(args, format);
	length = vasprintf(&text, format, args);
	va_end(args);
	return or_die(length < 0 ? NULL : text);
}

void grow_array(void *items, size_t count, size_t *capacity, size_t size)
{
	void *old, *grown;

	if (count < *capacity)
		return;
	*capacity = *capacity ? *capacity * 2 : 16;
	memcpy(&old, items, sizeof(old));
	grown = xreallocarray(old, *capacity, size);
	memcpy(items, &grown, sizeof(grown));
}

void alloc_cleanup_free(void *variable)
{
	void *memory;

	memcpy(&memory, variable, sizeof(memory));
	free(memory);
}

void alloc_cleanup_close(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}
