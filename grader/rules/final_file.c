/*
 * final-file: a file of the working folder, compared as JSON: an object with
 * just these fields, whole numbers; blanks do not count.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/json_reader.h"
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"file", RULE_NAME, true, NULL, "its name"},
	{"content", RULE_CONTENT, true, NULL, "object of expressions"},
	{0},
};

static const struct run_file *find_file(
	const struct observed_run *run, const char *name)
{
	for (size_t i = 0; i < run->outcome->file_count; i++)
		if (!strcmp(run->outcome->files[i].name, name))
			return &run->outcome->files[i];
	return NULL;
}

static bool same_content(const struct rule_value *content,
	const struct observed_run *run, const struct run_file *file)
{
	struct json_document document;
	struct json_node root;
	struct err err;
	bool same;

	if (!file->data || json_document_open(&document, file->data,
				   file->length, file->name, &err) != 0)
		return false;
	root = json_document_root(&document);
	same = json_is_object(&root) &&
	       json_field_count(&root) == content->count;
	for (size_t i = 0; same && i < content->count; i++) {
		double wanted = rule_evaluate(content->texts[i], run);
		double got = 0;

		same = json_get_number(&root, content->names[i], true, -1e9,
			       1e9, &got) == 0 &&
		       got > wanted - 1e-6 && got < wanted + 1e-6;
	}
	json_document_close(&document);
	return same;
}

static char *wanted_text(
	const struct rule_value *content, const struct observed_run *run)
{
	struct buf out = {0};

	buf_addc(&out, '{');
	for (size_t i = 0; i < content->count; i++)
		buf_addf(&out, "%s\"%s\": %.10g", i ? ", " : "",
			content->names[i],
			rule_evaluate(content->texts[i], run));
	buf_addc(&out, '}');
	return buf_detach(&out);
}

static void show_changes(const struct observed_run *run, const char *name,
	struct rule_result *result)
{
	const struct trace *trace = run->trace;

	for (size_t i = trace->event_count; i > 0; i--) {
		const struct event *event = &trace->events[i - 1];

		if (event->after && event->object &&
			(!strcmp(event->object, name) ||
				(event->kind == EVENT_RENAME && event->text &&
					!strcmp(event->text, name))))
			rule_show(result, i - 1);
	}
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	const struct rule_value *content = rule_get(rule, "content");
	const char *name = rule_text(rule, "file");
	const struct run_file *file = find_file(run, name);
	auto_free char *wanted = wanted_text(content, run);
	struct buf got = {0};

	(void)memory;
	if (file && file->regular && same_content(content, run, file))
		return;
	if (!rule_fail(result))
		return;
	show_changes(run, name, result);
	if (file && file->data)
		buf_add_clean(&got, file->data,
			file->length < 120 ? file->length : 120);
	if (file && !file->regular) {
		rule_say_zh(result,
			"结束后 %s 不是一个可以读取的普通文件，或者太大。",
			name);
		rule_say_en(result,
			"%s is not a regular file at the end, or it is too "
			"large.",
			name);
	} else if (!file || !file->data) {
		rule_say_zh(result, "结束后 %s 不见了。", name);
		rule_say_en(result, "%s is gone at the end.", name);
	} else {
		rule_say_zh(result, "结束后 %s 应为 %s，实际是“%s”。", name,
			wanted, buf_text(&got));
		rule_say_en(result, "%s should be %s at the end, it is '%s'.",
			name, wanted, buf_text(&got));
	}
	buf_release(&got);
}

const struct rule_kind RULE_FINAL_FILE = {
	.name = "final-file",
	.meaning = "a file's content at the end, as JSON",
	.fields = FIELDS,
	.judge = judge,
};
