#include "grader/report/xml_build.h"

#include <assert.h>
#include <libxml/xmlwriter.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

struct xml {
	xmlBuffer *buffer;
	xmlTextWriter *writer;
};

/* Memory is all that can be missing. */
static void done(int written)
{
	assert(written >= 0);
	(void)written;
}

struct xml *xml_new(void)
{
	struct xml *xml = xcalloc(1, sizeof(*xml));

	xml->buffer = xmlBufferCreate();
	assert(xml->buffer);
	xml->writer = xmlNewTextWriterMemory(xml->buffer, 0);
	assert(xml->writer);
	done(xmlTextWriterSetIndent(xml->writer, 1));
	done(xmlTextWriterStartDocument(xml->writer, NULL, "UTF-8", NULL));
	return xml;
}

void xml_start(struct xml *xml, const char *element)
{
	done(xmlTextWriterStartElement(xml->writer, BAD_CAST element));
}

void xml_end(struct xml *xml)
{
	done(xmlTextWriterEndElement(xml->writer));
}

/* U+FFFE and U+FFFF are EF BF BE and EF BF BF; U+FFFD is EF BF BD. */
static char *allowed(const char *text)
{
	char *copy = xstrdup(text), *at = copy;

	while ((at = strstr(at, "\xef\xbf")) != NULL) {
		if (at[2] == '\xbe' || at[2] == '\xbf')
			at[2] = '\xbd';
		at += 2;
	}
	return copy;
}

void xml_attribute(struct xml *xml, const char *name, const char *text)
{
	auto_free char *copy = allowed(text);

	done(xmlTextWriterWriteAttribute(
		xml->writer, BAD_CAST name, BAD_CAST copy));
}

void xml_attribute_number(struct xml *xml, const char *name, double number)
{
	auto_free char *text = xasprintf("%g", number);

	xml_attribute(xml, name, text);
}

void xml_text(struct xml *xml, const char *text)
{
	auto_free char *copy = allowed(text);

	done(xmlTextWriterWriteString(xml->writer, BAD_CAST copy));
}

void xml_finish(struct buf *out, struct xml *xml)
{
	done(xmlTextWriterEndDocument(xml->writer));
	xmlFreeTextWriter(xml->writer);
	buf_add(out, xmlBufferContent(xml->buffer),
		(size_t)xmlBufferLength(xml->buffer));
	xmlBufferFree(xml->buffer);
	free(xml);
}
