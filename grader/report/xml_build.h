/*
 * Building an XML document; the one place that knows libxml2.  Private to the
 * writers of formats.
 */
#ifndef GRADER_REPORT_XML_BUILD_H
#define GRADER_REPORT_XML_BUILD_H

#include "base/buf.h"

struct xml;

struct xml *xml_new(void); /* owned; freed by xml_finish() */
void xml_start(struct xml *xml, const char *element);
void xml_end(struct xml *xml);
/*
 * TEXT is valid UTF-8 as shown.h makes it; the two characters that are left of
 * those that XML 1.0 does not have become U+FFFD.
 */
void xml_attribute(struct xml *xml, const char *name, const char *text);
void xml_attribute_number(struct xml *xml, const char *name, double number);
void xml_text(struct xml *xml, const char *text);
/* Appends the document, indented, and frees XML. */
void xml_finish(struct buf *out, struct xml *xml);

#endif
