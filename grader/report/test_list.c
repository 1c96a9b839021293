/*
 * How it works: the first finding of a criterion is told whole, in the order
 * of the student's report; that there are more is said.
 */
#include "grader/report/test_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/report/terminal.h"
#include "grader/shown.h"

char *shown_text(const char *text)
{
	struct buf out = {0};

	if (!text)
		return xstrdup("");
	shown_add(&out, text, strlen(text), NULL);
	return out.data ? buf_detach(&out) : xstrdup("");
}

char *shown_line(const char *text)
{
	auto_free char *line = one_line(text ? text : "");

	return shown_text(line);
}

const struct verdict_event *finding_place(const struct finding *finding)
{
	for (size_t i = finding->event_count; i--;)
		if (finding->events[i].place)
			return &finding->events[i];
	return NULL;
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length >= tail && !strcmp(text + length - tail, end);
}

void place_split(const struct verdict *verdict, const char *place, char **file,
	long *line)
{
	const char *colon = place ? strrchr(place, ':') : NULL;
	const char *folder = verdict->submission;
	size_t length = strlen(folder);

	*file = NULL;
	*line = 0;
	if (!colon || colon == place)
		return;
	*line = strtol(colon + 1, NULL, 10);
	if (!strncmp(folder, "./", 2)) {
		folder += 2;
		length -= 2;
	}
	while (length > 1 && folder[length - 1] == '/')
		length--;
	if (ends_with(verdict->submission, ".c"))
		*file = xstrndup(folder, length);
	else
		*file = xasprintf("%.*s/%.*s", (int)length, folder,
			(int)(colon - place), place);
}

void add_uri(struct buf *out, const char *path)
{
	static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					 "abcdefghijklmnopqrstuvwxyz"
					 "0123456789-._~/";

	for (; *path; path++)
		if (strchr(unreserved, *path))
			buf_addc(out, *path);
		else
			buf_addf(out, "%%%02X", (unsigned char)*path);
}

char *next_step_text(const struct verdict *verdict, enum language language)
{
	const struct report_style style = {.language = language};
	struct buf text = {0};
	char *shown;

	terminal_next_step(&text, verdict, &style);
	shown = shown_line(buf_text(&text));
	buf_release(&text);
	return shown;
}

static enum test_outcome outcome_of(const struct criterion *criterion)
{
	switch (criterion->state) {
	case VERDICT_PASS:
		return TEST_PASSED;
	case VERDICT_NEEDS_GRADING:
		return TEST_WAITING;
	case VERDICT_FAIL:
		return criterion->extra ? TEST_MISSED : TEST_FAILED;
	case VERDICT_SKIPPED:
	case VERDICT_REFUSED:
		break;
	}
	return TEST_SKIPPED;
}

static void add_evidence(
	struct buf *out, const struct finding *finding, enum language language)
{
	for (size_t i = 0; i < finding->event_count; i++) {
		const struct verdict_event *event = &finding->events[i];
		auto_free char *what =
			one_line(language_pick(&event->what, language));

		buf_addf(out, "%.3f s  %s  %s", (double)event->time_us / 1e6,
			event->who ? event->who : "", what);
		if (event->place)
			buf_addf(out, "  %s", event->place);
		buf_addc(out, '\n');
	}
}

/* LABEL and TEXT as a paragraph, when there is a text. */
static void add_part(struct buf *out, enum language language,
	const struct bilingual *label, const struct bilingual *text)
{
	const char *what = language_pick(text, language);

	if (*what)
		buf_addf(out, "%s%s\n", language_pick(label, language), what);
}

static void add_finding(struct buf *out, const struct verdict *verdict,
	const struct finding *finding, enum language language)
{
	static char zh[][16] = {"经过：", "改法：", "提示：", "重现："};
	static char en[][16] = {"Story: ", "Remedy: ", "Hint: ", "Replay: "};
	const struct bilingual story = {zh[0], en[0]}, remedy = {zh[1], en[1]},
			       hint = {zh[2], en[2]}, replay = {zh[3], en[3]};

	add_evidence(out, finding, language);
	if (finding->cause)
		add_part(out, language, &story, &finding->story);
	if (finding->cause)
		add_part(out, language, &remedy, &finding->remedy);
	else
		add_part(out, language, &hint, &finding->hint);
	if (!finding->scenario)
		return;
	buf_adds(out, language_pick(&replay, language));
	report_replay_command(out, verdict, finding);
	buf_addc(out, '\n');
}

static void fill_finding(struct test *test, const struct verdict *verdict,
	const struct criterion *criterion, enum language language)
{
	const struct finding *finding = &criterion->findings[0];
	const struct verdict_event *event = finding_place(finding);
	struct buf message = {0}, detail = {0};
	const bool zh = language == LANGUAGE_ZH;

	if (finding->scenario_command)
		buf_addf(&message,
			zh ? "%s：" : "%s: ", finding->scenario_command);
	buf_adds(&message, language_pick(&finding->message, language));
	add_finding(&detail, verdict, finding, language);
	if (criterion->finding_count > 1)
		buf_addf(&detail,
			zh ? "此外还有 %zu 处。\n" : "And %zu more.\n",
			criterion->finding_count - 1);
	test->message = shown_line(buf_text(&message));
	test->detail = shown_text(buf_text(&detail));
	if (event)
		place_split(verdict, event->place, &test->file, &test->line);
	buf_release(&message);
	buf_release(&detail);
}

/* What is said of a test that has no finding. */
static const char *plain_message(
	const struct criterion *criterion, enum language language)
{
	const bool zh = language == LANGUAGE_ZH;

	switch (criterion->state) {
	case VERDICT_SKIPPED:
	case VERDICT_REFUSED:
		return zh ? "前提不成立，未评"
			  : "not judged: its premise failed";
	case VERDICT_NEEDS_GRADING:
		return zh ? "等人工评分" : "waits for a person";
	case VERDICT_PASS:
	case VERDICT_FAIL:
		break;
	}
	return "";
}

/* The first error of gcc, "./a.c:12:5: error: ...", is the message. */
static void fill_compile_error(struct test *test, const struct verdict *verdict,
	enum language language)
{
	const char *log = verdict->compile.log ? verdict->compile.log : "";
	const char *error = strstr(log, "error: "), *line = error;
	auto_free char *first = NULL, *place = NULL;

	test->detail = shown_text(log);
	if (!error) {
		test->message = xstrdup(language == LANGUAGE_ZH
						? "没有编译通过"
						: "it does not compile");
		return;
	}
	while (line > log && line[-1] != '\n')
		line--;
	if (!strncmp(line, "./", 2))
		line += 2;
	first = xstrndup(line, strcspn(line, "\n"));
	test->message = shown_line(first);
	place = xstrndup(line, strcspn(line, ":"));
	if (line[strlen(place)] == ':') {
		auto_free char *whole = xasprintf("%s:%ld", place,
			strtol(line + strlen(place) + 1, NULL, 10));

		place_split(verdict, whole, &test->file, &test->line);
	}
}

static void fill(struct test *test, const struct verdict *verdict,
	const struct criterion *criterion, enum language language)
{
	const char *title = language_pick(&criterion->title, language);

	test->id = shown_line(criterion->id);
	test->title = shown_line(*title ? title : criterion->id);
	test->outcome = outcome_of(criterion);
	test->points = criterion->points;
	test->max_points = criterion->max_points;
	test->extra = criterion->extra;
	if (criterion->finding_count && criterion->state != VERDICT_PASS) {
		fill_finding(test, verdict, criterion, language);
		return;
	}
	if (criterion->state == VERDICT_FAIL && !verdict->compile.ok) {
		fill_compile_error(test, verdict, language);
		return;
	}
	test->message = xstrdup(plain_message(criterion, language));
	test->detail = xstrdup("");
}

/* In front of all, so that a refusal is no green list of skipped tests. */
static void fill_refusal(struct test *test, const struct verdict *verdict,
	enum language language)
{
	test->id = xstrdup("submission");
	test->title = xstrdup(
		language == LANGUAGE_ZH ? "提交可以评分" : "it can be graded");
	test->outcome = TEST_FAILED;
	test->message = shown_line(language_pick(&verdict->refusal, language));
	test->detail = xstrdup("");
}

struct test_list test_list_of(
	const struct verdict *verdict, enum language language)
{
	struct test_list list = {0};

	list.tests = xcalloc(verdict->criterion_count + 1, sizeof(*list.tests));
	if (verdict->state == VERDICT_REFUSED)
		fill_refusal(&list.tests[list.count++], verdict, language);
	for (size_t i = 0; i < verdict->criterion_count; i++)
		fill(&list.tests[list.count++], verdict, &verdict->criteria[i],
			language);
	for (size_t i = 0; i < list.count; i++)
		list.outcomes[list.tests[i].outcome]++;
	return list;
}

void test_list_release(struct test_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		struct test *test = &list->tests[i];

		free(test->id);
		free(test->title);
		free(test->message);
		free(test->detail);
		free(test->file);
	}
	free(list->tests);
	*list = (struct test_list){0};
}
