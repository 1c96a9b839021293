/* Places, "tickets.c:41", as links to the lines of the source on the page. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/report/html.h"

/* Does TEXT begin with a place of that file?  Its length, or 0. */
static size_t place_at(const char *text, const char *name, unsigned long *line)
{
	size_t length = strlen(name);
	char *end;

	if (!length || strncmp(text, name, length) != 0 ||
		text[length] != ':' || text[length + 1] < '0' ||
		text[length + 1] > '9')
		return 0;
	*line = strtoul(text + length + 1, &end, 10);
	return (size_t)(end - text);
}

static bool has_line(const char *text, unsigned long line)
{
	while (text && line > 1) {
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
		line--;
	}
	return text && line == 1;
}

/* The place at the beginning of TEXT: its length, or 0. */
static size_t find(const struct verdict *verdict, const char *text,
	size_t *file, unsigned long *line)
{
	for (size_t i = 0; i < verdict->source_count; i++) {
		const struct source_text *source = &verdict->sources[i];
		size_t length = place_at(text, source->name, line);

		*file = i;
		if (length && has_line(source->text, *line))
			return length;
	}
	return 0;
}

bool html_find_place(const struct verdict *verdict, const char *place,
	size_t *file, unsigned long *line)
{
	size_t length = place ? find(verdict, place, file, line) : 0;

	return length && !place[length];
}

char *html_source_line(const struct verdict *verdict, const char *place)
{
	unsigned long line;
	const char *text;
	size_t file;

	if (!html_find_place(verdict, place, &file, &line))
		return NULL;
	for (text = verdict->sources[file].text; line > 1; line--)
		text = strchr(text, '\n') + 1;
	text += strspn(text, " \t");
	return xstrndup(text, strcspn(text, "\n"));
}

static void add_link(struct buf *out, const char *text, size_t length,
	size_t file, unsigned long line)
{
	auto_free char *place = xstrndup(text, length);

	buf_addf(out, "<a class=\"place\" href=\"#s%zu-%lu\">", file, line);
	/* also within SVG, where no tag of HTML may stand */
	html_plain(out, place);
	buf_adds(out, "</a>");
}

void html_place(const struct page *page, const char *place)
{
	unsigned long line;
	size_t file;

	if (html_find_place(page->verdict, place, &file, &line))
		add_link(page->out, place, strlen(place), file, line);
	else
		html_plain(page->out, place);
}

/* The character in front of TEXT belongs to a longer name, but for "./". */
static bool is_inside(const char *start, const char *text)
{
	char before = ' ';

	if (text > start)
		before = text[-1];
	if (before == '/')
		return text < start + 2 || text[-2] != '.' ||
		       is_inside(start, text - 2);
	return strchr("_-.", before) || (before >= '0' && before <= '9') ||
	       ((before | 32) >= 'a' && (before | 32) <= 'z');
}

void html_prose(const struct page *page, const char *text)
{
	const char *start = text, *done = text;

	while (*text) {
		unsigned long line;
		size_t file, length = 0;

		if (!is_inside(start, text))
			length = find(page->verdict, text, &file, &line);
		if (!length) {
			text++;
			continue;
		}
		html_text_n(page->out, done, (size_t)(text - done));
		add_link(page->out, text, length, file, line);
		text += length;
		done = text;
	}
	html_text(page->out, done);
}

void html_prose_both(const struct page *page, const struct bilingual *text)
{
	buf_adds(page->out, "<span class=\"zh\" lang=\"zh\">");
	html_prose(page, language_pick(text, LANGUAGE_ZH));
	buf_adds(page->out, "</span><span class=\"en\" lang=\"en\">");
	html_prose(page, language_pick(text, LANGUAGE_EN));
	buf_adds(page->out, "</span>");
}

void html_seconds(struct buf *out, int64_t time_us)
{
	auto_free char *text = xasprintf("%.6f", (double)time_us / 1e6);
	size_t length = strlen(text);

	while (text[length - 1] == '0' && text[length - 2] != '.')
		length--;
	buf_add(out, text, length);
	buf_adds(out, " s");
}
