/*
 * The parts of the page; private to the HTML writer.
 *
 * Every text that a submission, an exercise or a compiler chose goes through
 * html_text() or html_plain(); no other function takes one.
 */
#ifndef GRADER_REPORT_HTML_H
#define GRADER_REPORT_HTML_H

#include "base/buf.h"
#include "grader/diagram/diagram.h"
#include "grader/report/report.h"

/*
 * A page has at most about so many bytes: up to the first all steps of runs are
 * listed, up to the second lines of the source.  What else there is, is bounded
 * by the verdict (bounds.h).
 */
#define HTML_TABLES_MAX (3u << 20)
#define HTML_PAGE_MAX (5u << 20)

/* Text between tags: what cannot be seen is shown by its number. */
void html_text(struct buf *out, const char *text);
void html_text_n(struct buf *out, const char *text, size_t length);
/* The same without any tag: in attributes, and in SVG. */
void html_plain(struct buf *out, const char *text);

/* Both languages, of which the page shows one: <span lang=...>. */
void html_both(struct buf *out, const char *zh, const char *en);
void html_bilingual(struct buf *out, const struct bilingual *text);
/* The same; takes the texts over. */
void html_both_take(struct buf *out, char *zh, char *en);
/* The same as <tspan>. */
void svg_both(struct buf *out, const char *zh, const char *en);

/* The page up to its body, and behind it; TITLE is any text. */
void html_begin(struct buf *out, enum language language, const char *title);
void html_end(struct buf *out);
/* The choice of language, of which CHOSEN is shown at first. */
void html_add_switch(struct buf *out, enum language chosen);

/* What a section about a criterion is made from. */
struct html_case {
	size_t criterion;               /* its number */
	const struct finding *finding;  /* that is shown; never a hidden one */
	const struct told_trace *trace; /* or NULL */
	struct diagram diagram;         /* empty without a trace */
	size_t same; /* number of an earlier case with the same steps */
	const struct told_trace *right; /* to compare with, or NULL */
};

struct page {
	struct buf *out;
	const struct verdict *verdict;
	enum language language;
	const char *report_path;
	struct html_case *cases;
	size_t case_count;
};

#define HTML_NO_CASE SIZE_MAX

/* Number of the source file and line that PLACE names; false: none. */
bool html_find_place(const struct verdict *verdict, const char *place,
	size_t *file, unsigned long *line);
/* The line's text without what is in front of it; owned, NULL: none. */
char *html_source_line(const struct verdict *verdict, const char *place);
/* PLACE as a link to the source. */
void html_place(const struct page *page, const char *place);
/* TEXT, in which places become links. */
void html_prose(const struct page *page, const char *text);
void html_prose_both(const struct page *page, const struct bilingual *text);

/* "1.25 s": at least one digit, no zeroes behind it. */
void html_seconds(struct buf *out, int64_t time_us);

/* What is to be said about a mistake whose id a finding has; NULL: nothing. */
const struct cause_words {
	const char *cause;
	const char *zh, *en;         /* its name */
	const char *zh_why, *en_why; /* what it is, for who never heard of it */
} * html_cause_words(const char *cause);

/* What a role means, in words; NULL for evidence. */
const char *html_role_zh(enum diagram_role role);
const char *html_role_en(enum diagram_role role);

void html_write_page(const struct page *page);
void html_write_case(const struct page *page, const struct html_case *one);
void html_write_figure(const struct page *page, const struct html_case *one);
void html_write_answers(const struct page *page);
void html_write_compile(const struct page *page);
void html_write_sources(const struct page *page);
void html_write_notes(const struct page *page);

/* The diagram; CAPTION is the id of what names it. */
void svg_write(const struct page *page, const struct diagram *diagram,
	const char *caption);

/* Files of grader/report/page. */
extern const char page_css[], page_js[];
extern const unsigned long long page_css_size, page_js_size;

#endif
