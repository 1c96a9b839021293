#include "base/buf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"

static void reserve(struct buf *buf, size_t more)
{
	size_t want = buf->length + more + 1;

	if (want <= buf->capacity)
		return;
	if (want < buf->capacity * 2)
		want = buf->capacity * 2;
	if (want < 64)
		want = 64;
	buf->data = xreallocarray(buf->data, want, 1);
	buf->capacity = want;
}

void buf_release(struct buf *buf)
{
	free(buf->data);
	memset(buf, 0, sizeof(*buf));
}

void buf_clear(struct buf *buf)
{
	buf->length = 0;
	if (buf->data)
		buf->data[0] = '\0';
}

char *buf_detach(struct buf *buf)
{
	char *data;

	reserve(buf, 0);
	buf->data[buf->length] = '\0';
	data = buf->data;
	memset(buf, 0, sizeof(*buf));
	return data;
}

const char *buf_text(const struct buf *buf)
{
	return buf->data ? buf->data : "";
}

void buf_add(struct buf *buf, const void *data, size_t length)
{
	reserve(buf, length);
	if (length)
		memcpy(buf->data + buf->length, data, length);
	buf->length += length;
	buf->data[buf->length] = '\0';
}

void buf_adds(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void buf_addc(struct buf *buf, char c)
{
	buf_add(buf, &c, 1);
}

void buf_vaddf(struct buf *buf, const char *format, va_list args)
{
	va_list again;
	int length;

	va_copy(again, args);
	length = vsnprintf(NULL, 0, format, args);
	if (length > 0) {
		reserve(buf, (size_t)length);
		vsnprintf(buf->data + buf->length, (size_t)length + 1, format,
			again);
		buf->length += (size_t)length;
	}
	va_end(again);
}

void buf_addf(struct buf *buf, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buf_vaddf(buf, format, args);
	va_end(args);
}

/* Length of the valid UTF-8 sequence at TEXT, 0 when malformed (RFC 3629). */
static size_t utf8_sequence(const unsigned char *text, size_t length)
{
	unsigned char low = 0x80, high = 0xbf;
	size_t need, i;

	if (text[0] < 0x80)
		return 1;
	if (text[0] >= 0xc2 && text[0] <= 0xdf)
		need = 2;
	else if (text[0] >= 0xe0 && text[0] <= 0xef)
		need = 3;
	else if (text[0] >= 0xf0 && text[0] <= 0xf4)
		need = 4;
	else
		return 0;
	if (text[0] == 0xe0)
		low = 0xa0;
	else if (text[0] == 0xed)
		high = 0x9f;
	else if (text[0] == 0xf0)
		low = 0x90;
	else if (text[0] == 0xf4)
		high = 0x8f;
	if (length < need || text[1] < low || text[1] > high)
		return 0;
	for (i = 2; i < need; i++)
		if (text[i] < 0x80 || text[i] > 0xbf)
			return 0;
	return need;
}

void buf_add_clean(struct buf *buf, const char *text, size_t length)
{
	const unsigned char *bytes = (const unsigned char *)text;
	size_t i = 0, run;

	while (i < length) {
		run = utf8_sequence(bytes + i, length - i);
		if (run == 1 && (bytes[i] < 0x20 || bytes[i] == 0x7f) &&
			bytes[i] != '\n' && bytes[i] != '\t')
			run = 0;
		/* U+0080..U+009F: the C1 controls, CSI among them */
		if (run == 2 && bytes[i] == 0xc2 && bytes[i + 1] < 0xa0) {
			buf_adds(buf, "\xef\xbf\xbd");
			i += 2;
			continue;
		}
		if (run)
			buf_add(buf, text + i, run);
		else
			buf_adds(buf, "\xef\xbf\xbd");
		i += run ? run : 1;
	}
}

int buf_read_fd(struct buf *buf, int fd, size_t limit)
{
	char chunk[16384];
	ssize_t got;

	for (;;) {
		got = read(fd, chunk, sizeof(chunk));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			return 0;
		if (buf->length + (size_t)got > limit)
			return -EFBIG;
		buf_add(buf, chunk, (size_t)got);
	}
}
