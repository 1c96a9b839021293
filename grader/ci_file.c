/*
 * Whoever pushes to the repository may change the file, so that its paths lead
 * nowhere outside.
 */
#include "grader/ci_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/json_reader.h"

void ci_file_release(struct ci_file *file)
{
	for (size_t i = 0; i < file->task_count; i++) {
		free(file->tasks[i].exercise);
		free(file->tasks[i].path);
	}
	free(file->tasks);
	for (size_t i = 0; i < file->report_count; i++)
		free(file->reports[i].path);
	free(file->reports);
	*file = (struct ci_file){0};
}

static bool leads_outside(const char *path)
{
	if (*path == '/' || !*path)
		return true;
	for (const char *part = path; part; part = strchr(part, '/')) {
		part += *part == '/';
		if (!strncmp(part, "..", 2) && (!part[2] || part[2] == '/'))
			return true;
	}
	return false;
}

static int get_path(const struct json_node *node, const char *field,
	bool required, char **path)
{
	int r = json_get_text(node, field, required, path);

	if (!r && *path && leads_outside(*path))
		return json_fail(node, field,
			"'%.60s' is not a path below the repository", *path);
	return r;
}

static int read_task(const struct json_node *node, struct ci_task *task)
{
	static const char *const fields[] = {"exercise", "path", NULL};
	int r;

	if (!json_is_object(node))
		return json_fail(node, NULL, "an object expected");
	r = json_check_fields(node, fields);
	if (!r)
		r = json_get_text(node, "exercise", true, &task->exercise);
	if (!r)
		r = get_path(node, "path", false, &task->path);
	if (!r && !task->path)
		task->path = xstrdup(task->exercise);
	return r;
}

static int read_tasks(const struct json_node *root, struct ci_file *file)
{
	struct json_node list;
	size_t count = 0;
	int r = json_get_list(root, "exercises", true, &list, &count);

	if (!r && count == 0)
		r = json_fail(root, "exercises", "names no exercise");
	if (r)
		return r;
	file->tasks = xcalloc(count, sizeof(*file->tasks));
	file->task_count = count;
	for (size_t i = 0; i < count && !r; i++) {
		struct json_node element = json_element(&list, i);

		r = read_task(&element, &file->tasks[i]);
	}
	return r;
}

static int read_reports(const struct json_node *root, struct ci_file *file)
{
	struct json_node reports;
	size_t count;
	int r = 0;

	if (!json_child(root, "reports", &reports))
		return 0;
	if (!json_is_object(&reports))
		return json_fail(root, "reports",
			"an object expected, as in {\"junit\": \"junit.xml\"}");
	count = json_field_count(&reports);
	file->reports = xcalloc(count + 1, sizeof(*file->reports));
	for (size_t i = 0; i < count && !r; i++) {
		const char *name = json_field_name(&reports, i);
		struct ci_report *report = &file->reports[file->report_count];

		report->format = report_format_by_name(name);
		if (!report->format)
			return json_fail(&reports, name,
				"there is no format of that name; 'grader "
				"check --help' has them");
		r = get_path(&reports, name, true, &report->path);
		if (!r && file->task_count > 1 &&
			!strstr(report->path, "{exercise}"))
			r = json_fail(&reports, name,
				"has to contain {exercise}, as there are "
				"several");
		file->report_count++;
	}
	return r;
}

static int read_root(const struct json_node *root, struct ci_file *file)
{
	static const char *const fields[] = {
		"exercises", "reports", "language", "schedules", "seed", NULL};
	auto_free char *language = NULL;
	int r;

	if (!json_is_object(root))
		return json_fail(root, NULL, "an object expected");
	r = json_check_fields(root, fields);
	if (!r)
		r = read_tasks(root, file);
	if (!r)
		r = read_reports(root, file);
	if (!r)
		r = json_get_text(root, "language", false, &language);
	if (!r && language && language_by_name(language, &file->language))
		r = json_fail(root, "language", "'zh' or 'en' expected");
	if (!r)
		r = json_get_whole(
			root, "schedules", false, 1, 1000000, &file->schedules);
	if (!r)
		r = json_get_whole(
			root, "seed", false, 0, INT64_MAX, &file->seed);
	return r;
}

int ci_file_read(struct ci_file *file, const char *text, size_t length,
	const char *name, struct err *err)
{
	struct json_document document;
	struct json_node root;
	int r;

	*file = (struct ci_file){.language = language_default(), .seed = 1};
	r = json_document_open(&document, text, length, name, err);
	if (r)
		return r;
	root = json_document_root(&document);
	r = read_root(&root, file);
	json_document_close(&document);
	if (r)
		ci_file_release(file);
	return r;
}
