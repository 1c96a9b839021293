/*
 * The source with notes at the lines that findings name, what the compiler
 * said, and the notes of the report.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/report/html.h"

#define LINE_NOTES_MAX 3

/* A step at a line, or what the compiler said of it. */
struct margin_note {
	size_t file;
	unsigned long line;
	size_t criterion, number;
	const char *who;
	const struct bilingual *what;
	const char *said; /* by the compiler, up to the end of the line */
};

struct margin {
	struct margin_note *notes;
	size_t count, capacity;
};

static void add_note(const struct page *page, struct margin *margin,
	const struct margin_note *note, const char *place)
{
	struct margin_note made = *note;

	if (!html_find_place(page->verdict, place, &made.file, &made.line))
		return;
	grow_array(&margin->notes, margin->count, &margin->capacity,
		sizeof(*margin->notes));
	margin->notes[margin->count++] = made;
}

static void collect_case(const struct page *page, struct margin *margin,
	const struct html_case *one)
{
	const struct diagram *diagram = &one->diagram;

	if (!one->finding || one->same != HTML_NO_CASE)
		return;
	for (size_t i = 0; one->trace && i < diagram->step_count; i++) {
		const struct told_event *event =
			&one->trace->events[diagram->rows[diagram->steps[i]]
						    .event];
		struct margin_note note = {.criterion = one->criterion,
			.number = i + 1,
			.who = event->task < 0
				       ? ""
				       : one->trace->tasks[event->task].name,
			.what = &event->what};

		add_note(page, margin, &note, event->place);
	}
	for (size_t i = 0; !one->trace && i < one->finding->event_count; i++) {
		const struct verdict_event *event = &one->finding->events[i];
		struct margin_note note = {.criterion = one->criterion,
			.number = i + 1,
			.who = event->who ? event->who : "",
			.what = &event->what};

		add_note(page, margin, &note, event->place);
	}
}

/* "./a.c:5:26: error: expected ';'" */
static void collect_log(const struct page *page, struct margin *margin)
{
	const char *line = page->verdict->compile.log;

	while (line && *line) {
		size_t length = strcspn(line, "\n");
		auto_free char *text = xstrndup(line, length);
		char *mark = strstr(text, ": error: ");
		char *place = strncmp(text, "./", 2) != 0 ? text : text + 2;

		if (!mark)
			mark = strstr(text, ": warning: ");
		if (mark) {
			struct margin_note note = {
				.said = line + (mark - text) + 2};

			/* the column is no part of the place */
			*mark = '\0';
			if (strchr(place, ':') != strrchr(place, ':'))
				*strrchr(place, ':') = '\0';
			add_note(page, margin, &note, place);
		}
		line += length + (line[length] == '\n');
	}
}

static size_t count_notes(
	const struct margin *margin, size_t file, unsigned long line)
{
	size_t count = 0;

	for (size_t i = 0; i < margin->count; i++)
		count += margin->notes[i].file == file &&
			 margin->notes[i].line == line;
	return count;
}

static void write_note(struct buf *out, const struct margin_note *note)
{
	if (note->said) {
		buf_adds(out, "<a href=\"#compile\"><b>gcc</b> ");
		html_text_n(out, note->said, strcspn(note->said, "\n"));
	} else {
		buf_addf(out, "<a href=\"#c%zu-%zu\"><b>%zu</b> ",
			note->criterion, note->number, note->number);
		html_text(out, note->who);
		buf_addc(out, ' ');
		html_bilingual(out, note->what);
	}
	buf_adds(out, "</a>");
}

static void write_notes(const struct page *page, const struct margin *margin,
	size_t file, unsigned long line)
{
	struct buf *out = page->out;
	size_t shown = 0, all = count_notes(margin, file, line);

	if (!all)
		return;
	buf_adds(out, "<div class=\"notes\">");
	for (size_t i = 0; i < margin->count && shown < LINE_NOTES_MAX; i++) {
		const struct margin_note *note = &margin->notes[i];

		if (note->file != file || note->line != line)
			continue;
		shown++;
		write_note(out, note);
	}
	if (shown < all) {
		buf_adds(out, "<span>");
		html_both_take(out, xasprintf("……还有 %zu 处", all - shown),
			xasprintf("... and %zu more", all - shown));
		buf_adds(out, "</span>");
	}
	buf_adds(out, "</div>");
}

static void write_source(
	const struct page *page, const struct margin *margin, size_t file)
{
	const struct source_text *source = &page->verdict->sources[file];
	const char *text = source->text;
	struct buf *out = page->out;
	unsigned long line = 1;

	buf_adds(out, "<h3><code>");
	html_text(out, source->name);
	buf_adds(out, "</code></h3>\n<ol class=\"source\">\n");
	while (*text) {
		size_t length = strcspn(text, "\n");

		/* a sign may take six bytes, and a line be the whole file */
		if (out->length + 6 * length >= HTML_PAGE_MAX)
			break;
		buf_addf(out, "<li id=\"s%zu-%lu\"%s><code>", file, line,
			count_notes(margin, file, line) ? " class=\"named\""
							: "");
		html_text_n(out, text, length);
		buf_adds(out, "</code>");
		write_notes(page, margin, file, line);
		buf_adds(out, "</li>\n");
		text += length + (text[length] == '\n');
		line++;
	}
	buf_adds(out, "</ol>\n");
	if (!source->cut && !*text)
		return;
	buf_adds(out, "<p>");
	html_both(out, "……文件太长，后面没有显示。",
		"... the file is too long, the rest is not shown.");
	buf_adds(out, "</p>\n");
}

void html_write_sources(const struct page *page)
{
	struct margin margin = {0};
	struct buf *out = page->out;

	if (!page->verdict->source_count)
		return;
	for (size_t i = 0; i < page->case_count; i++)
		collect_case(page, &margin, &page->cases[i]);
	collect_log(page, &margin);
	buf_adds(out, "<section id=\"source\" aria-labelledby=\"source-h\">\n"
		      "<h2 id=\"source-h\">");
	html_both(out, "你的代码", "Your code");
	buf_adds(out, "</h2>\n");
	if (margin.count) {
		buf_adds(out, "<p>");
		html_both(out,
			"有颜色的行是上面提到的；旁边是那一步的编号和经过，"
			"点它就回到那里。",
			"The lines in colour are those named above; beside "
			"them stands the step, which leads back to it.");
		buf_adds(out, "</p>\n");
	}
	for (size_t i = 0; i < page->verdict->source_count; i++)
		write_source(page, &margin, i);
	buf_adds(out, "</section>\n");
	free(margin.notes);
}

void html_write_compile(const struct page *page)
{
	const struct verdict_compile *compile = &page->verdict->compile;
	struct buf *out = page->out;

	if (!compile->command)
		return;
	buf_adds(out, "<section id=\"compile\" aria-labelledby=\"compile-h\">\n"
		      "<h2 id=\"compile-h\">");
	html_both(out, "编译", "Compiling");
	buf_adds(out, "</h2>\n<pre class=\"command\"><code>");
	html_text(out, compile->command);
	buf_adds(out, "</code></pre>\n");
	if (compile->log && *compile->log) {
		buf_adds(out, "<pre class=\"log\" tabindex=\"0\"><code>");
		html_prose(page, compile->log);
		buf_adds(out, "</code></pre>\n");
	} else {
		buf_adds(out, "<p>");
		html_both(out, "编译器没有任何错误和警告。",
			"The compiler had no errors and no warnings.");
		buf_adds(out, "</p>\n");
	}
	if (compile->log_cut) {
		buf_adds(out, "<p>");
		html_both(out, "……消息太长，后面没有显示。",
			"... the messages are too long, the rest is not "
			"shown.");
		buf_adds(out, "</p>\n");
	}
	buf_adds(out, "</section>\n");
}

/* What a person has to look at may tell of a hidden scenario. */
static bool is_for_students(const struct verdict_note *note)
{
	return !note->hidden && strcmp(note->kind, "needs-grading") != 0;
}

void html_write_notes(const struct page *page)
{
	const struct verdict *verdict = page->verdict;
	struct buf *out = page->out;
	size_t shown = 0;

	for (size_t i = 0; i < verdict->warning_count; i++) {
		if (!is_for_students(&verdict->warnings[i]))
			continue;
		if (shown++ == 0) {
			buf_adds(out, "<section id=\"notes\" "
				      "aria-labelledby=\"notes-h\">\n<h2 "
				      "id=\"notes-h\">");
			html_both(out, "说明（不影响分数）",
				"Notes (they change no mark)");
			buf_adds(out, "</h2>\n<ul>\n");
		}
		buf_adds(out, "<li>");
		html_prose_both(page, &verdict->warnings[i].text);
		buf_adds(out, "</li>\n");
	}
	if (shown)
		buf_adds(out, "</ul>\n</section>\n");
}
