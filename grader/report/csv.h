/*
 * Comma-separated values (RFC 4180) for spreadsheets; private to writers.
 *
 * Without a byte order mark spreadsheets take the Chinese for another encoding.
 */
#ifndef GRADER_REPORT_CSV_H
#define GRADER_REPORT_CSV_H

#include "base/buf.h"

#define CSV_BYTE_ORDER_MARK "\xef\xbb\xbf"
#define CSV_END "\r\n"

/*
 * Appends TEXT as a quoted field.  A spreadsheet runs a field as a formula when
 * it begins with one of = + - @, a tab or a carriage return; an apostrophe in
 * front makes it a text (OWASP, "CSV Injection").
 */
void csv_add_text(struct buf *out, const char *text);

#endif
