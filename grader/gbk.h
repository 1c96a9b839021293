/* Names in GBK, as Windows in China writes them; the one place of iconv. */
#ifndef GRADER_GBK_H
#define GRADER_GBK_H

#include <stdbool.h>

#include "base/buf.h"

/* Loads the conversion, which is in files; else the first use does. */
void gbk_prepare(void);

/* Appends TEXT, which is GBK, as UTF-8; false, and nothing, when it is not. */
bool gbk_to_utf8(const char *text, struct buf *utf8);

/*
 * Appends NAME as UTF-8: as it is, or from GBK, or else made printable, and
 * then returns false.
 */
bool gbk_add_name(const char *name, struct buf *utf8);

#endif
