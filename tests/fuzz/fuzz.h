/*
 * What the fuzz targets share.  Each target is one file, fuzz_NAME.c, with one
 * LLVMFuzzerTestOneInput() that hands its input to the real code and asserts
 * what must hold of the answer.
 *
 * `make fuzz` links it with libFuzzer and the sanitizers; for `make test` it
 * is linked with replay.c, which feeds it the files of corpus/NAME.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A copy of exactly SIZE bytes, so that a look behind its end is seen. */
static inline char *fuzz_copy(const uint8_t *data, size_t size)
{
	char *copy = xmalloc(size ? size : 1);

	if (size > 0)
		memcpy(copy, data, size);
	return copy;
}

/* The same with a NUL behind it; what stands behind a NUL of the input is
   left out. */
static inline char *fuzz_text(const uint8_t *data, size_t size)
{
	return size > 0 ? xstrndup((const char *)data, size) : xstrdup("");
}

/* The next SIZE bytes of the input; zeroes when there are no more. */
static inline void fuzz_take(
	const uint8_t **data, size_t *left, void *to, size_t size)
{
	size_t part = size < *left ? size : *left;

	memset(to, 0, size);
	if (part > 0)
		memcpy(to, *data, part);
	*data += part;
	*left -= part;
}

#endif
