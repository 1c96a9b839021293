#include "grader/outputs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/atomic_file.h"

#define FILE_COLUMNS 80

char *outputs_names(void)
{
	struct buf names = {0};

	for (const struct report_format *format = REPORT_FORMATS; format->name;
		format++)
		buf_addf(
			&names, "%s%s", names.length ? ", " : "", format->name);
	return buf_detach(&names);
}

static bool prints(const struct outputs *outputs)
{
	for (size_t i = 0; i < outputs->count; i++)
		if (!outputs->items[i].path)
			return true;
	return false;
}

int outputs_add_to(struct outputs *outputs, const char *name, const char *path,
	struct err *err)
{
	const struct report_format *format = report_format_by_name(name);

	if (!format) {
		auto_free char *names = outputs_names();

		return err_set(err, -EINVAL,
			"there is no format '%.40s'; there are %s", name,
			names);
	}
	if (!path && prints(outputs))
		return err_set(err, -EINVAL,
			"standard output takes one format; give the others a "
			"file, as in %s=FILE",
			format->name);
	outputs->items = xreallocarray(
		outputs->items, outputs->count + 1, sizeof(*outputs->items));
	outputs->items[outputs->count++] = (struct output){format, path};
	return 0;
}

int outputs_add(struct outputs *outputs, const char *text, struct err *err)
{
	const char *equals = strchr(text, '=');
	auto_free char *name = NULL;
	const char *path = equals ? equals + 1 : NULL;

	name = xstrndup(text, equals ? (size_t)(equals - text) : strlen(text));
	if (path && !*path)
		return err_set(
			err, -EINVAL, "%s= lacks the name of a file", name);
	if (path && !strcmp(path, "-"))
		path = NULL;
	return outputs_add_to(outputs, name, path, err);
}

int outputs_try(const struct outputs *outputs, struct err *err)
{
	int r = 0;

	for (size_t i = 0; i < outputs->count && !r; i++)
		if (outputs->items[i].path)
			r = atomic_file_try(outputs->items[i].path, err);
	return r;
}

static int write_one(const struct output *output, const struct verdict *verdict,
	const struct report_style *terminal, struct err *err)
{
	struct report_style style = *terminal;
	struct buf text = {0};
	int r = 0;

	if (output->path) {
		style.colour = false;
		style.columns = FILE_COLUMNS;
	}
	output->format->write(&text, verdict, &style);
	if (output->path)
		r = atomic_file_write(
			output->path, text.data, text.length, err);
	else
		fwrite(buf_text(&text), 1, text.length, stdout);
	buf_release(&text);
	return r;
}

static enum audience audience_of(
	const struct outputs *outputs, const struct output *output)
{
	return outputs->audience_given ? outputs->audience
				       : output->format->audience;
}

static int write_for(const struct outputs *outputs, enum audience audience,
	const struct verdict *verdict, const struct report_style *terminal,
	struct err *err)
{
	const struct output text = {report_format_by_name("text"), NULL};
	int r = 0, one;

	if (!outputs->quiet && !prints(outputs) &&
		audience_of(outputs, &text) == audience)
		write_one(&text, verdict, terminal, err);
	for (size_t i = 0; i < outputs->count; i++) {
		const struct output *output = &outputs->items[i];

		if (audience_of(outputs, output) != audience)
			continue;
		one = write_one(output, verdict, terminal, err);
		if (one)
			r = one;
	}
	return r;
}

int outputs_write(const struct outputs *outputs, struct verdict *verdict,
	const struct report_style *terminal, struct err *err)
{
	int staff, student;

	staff = write_for(outputs, AUDIENCE_STAFF, verdict, terminal, err);
	verdict_redact(verdict);
	student = write_for(outputs, AUDIENCE_STUDENT, verdict, terminal, err);
	return staff ? staff : student;
}

void outputs_release(struct outputs *outputs)
{
	free(outputs->items);
	*outputs = (struct outputs){0};
}
