/* How it works: libutf8proc knows the encoding and East Asian widths. */
#include "grader/utf8.h"

#include <utf8proc.h>

size_t utf8_next(
	const char *text, size_t length, int32_t *character, size_t *columns)
{
	utf8proc_ssize_t size;
	int width;

	if (!length)
		return 0;
	size = utf8proc_iterate((const utf8proc_uint8_t *)text,
		(utf8proc_ssize_t)length, character);
	if (size <= 0)
		return 0;
	if (columns) {
		width = utf8proc_charwidth(*character);
		*columns = width > 0 ? (size_t)width : 0;
	}
	return (size_t)size;
}
