#include "model/lines.h"

#include <string.h>

void lines_add(struct buf *partial, const char *data, size_t length,
	lines_emit_fn *emit, void *context)
{
	const char *newline;
	size_t take;

	while (length > 0) {
		newline = memchr(data, '\n', length);
		take = newline ? (size_t)(newline - data) : length;
		if (take > LINES_MAX - partial->length) {
			take = LINES_MAX - partial->length;
			newline = NULL;
		}
		buf_add(partial, data, take);
		data += take;
		length -= take;
		if (newline) {
			emit(context, buf_text(partial), partial->length, true);
			buf_clear(partial);
			data++;
			length--;
		} else if (partial->length == LINES_MAX) {
			lines_flush(partial, emit, context);
		}
	}
}

void lines_flush(struct buf *partial, lines_emit_fn *emit, void *context)
{
	if (partial->length > 0)
		emit(context, buf_text(partial), partial->length, false);
	buf_clear(partial);
}
