/*
 * What is no UTF-8 and is valid GBK is taken for that: two bytes of GBK are
 * hardly ever valid UTF-8, and no third encoding is common where it is.
 */
#include "grader/gbk.h"

#include <iconv.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/utf8.h"

#define NONE ((iconv_t)-1)

static iconv_t conversion;

void gbk_prepare(void)
{
	if (!conversion)
		conversion = iconv_open("UTF-8", "GBK");
}

bool gbk_to_utf8(const char *text, struct buf *utf8)
{
	char *from = xstrdup(text), *at = from;
	size_t left = strlen(text), room = 3 * left + 1, space = room;
	char *to = xmalloc(room), *written = to;
	bool good = false;

	gbk_prepare();
	if (conversion != NONE) {
		iconv(conversion, NULL, NULL, NULL, NULL);
		good = iconv(conversion, &at, &left, &written, &space) == 0 &&
		       left == 0;
	}
	if (good)
		buf_add(utf8, to, room - space);
	free(from);
	free(to);
	return good;
}

static bool is_utf8(const char *text)
{
	size_t left = strlen(text), size;
	int32_t character;

	for (; left > 0; text += size, left -= size) {
		size = utf8_next(text, left, &character, NULL);
		if (!size)
			return false;
	}
	return true;
}

bool gbk_add_name(const char *name, struct buf *utf8)
{
	if (is_utf8(name)) {
		buf_adds(utf8, name);
		return true;
	}
	if (gbk_to_utf8(name, utf8))
		return true;
	buf_add_clean(utf8, name, strlen(name));
	return false;
}
