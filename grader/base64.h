/* Base64 (RFC 4648, section 4). */
#ifndef GRADER_BASE64_H
#define GRADER_BASE64_H

#include <stddef.h>

#include "base/buf.h"

/* Appends LENGTH bytes of DATA, on one line, padded. */
void base64_add(struct buf *out, const void *data, size_t length);

#endif
