/*
 * A growing byte buffer.  All zeroes is a valid empty one.  The data is
 * always followed by a NUL byte that length does not count, so a buffer that
 * holds text is a C string; data of an untouched buffer is NULL: use
 * buf_text() where a string is wanted.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>

struct buf {
	char *data;
	size_t length;
	size_t capacity;
};

void buf_release(struct buf *buf);           /* frees; empty afterwards */
void buf_clear(struct buf *buf);             /* empties, keeps the memory */
char *buf_detach(struct buf *buf);           /* owned by the caller */
const char *buf_text(const struct buf *buf); /* never NULL, borrowed */
void buf_add(struct buf *buf, const void *data, size_t length);
void buf_adds(struct buf *buf, const char *text);
void buf_addc(struct buf *buf, char c);
void buf_addf(struct buf *buf, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void buf_vaddf(struct buf *buf, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

/*
 * Adds TEXT as valid UTF-8: each malformed byte becomes U+FFFD, and a C0
 * control other than newline and tab becomes U+FFFD too (no terminal escape
 * of a student reaches anybody's terminal).
 */
void buf_add_clean(struct buf *buf, const char *text, size_t length);

/* Reads FD to its end, at most LIMIT bytes; negative errno, -EFBIG beyond. */
int buf_read_fd(struct buf *buf, int fd, size_t limit);

#endif
