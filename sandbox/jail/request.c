/*
 * A request: the head, then each argument with its NUL, then for each file
 * its name with its NUL, the length and the data.
 */
#include "jail/request.h"

#include <string.h>

struct head {
	enum request_kind kind;
	int cpu, first_pid;
	size_t argument_count, file_count;
};

void request_write(struct buf *to, enum request_kind kind)
{
	const struct head head = {.kind = kind};

	buf_add(to, &head, sizeof(head));
}

static void add_text(struct buf *to, const char *text)
{
	buf_add(to, text, strlen(text) + 1);
}

bool request_write_start(
	struct buf *to, enum request_kind kind, const struct jail_spec *spec)
{
	struct head head = {
		.kind = kind,
		.cpu = spec->cpu,
		.first_pid = spec->first_pid,
		.file_count = spec->file_count,
	};

	while (spec->argv[head.argument_count])
		head.argument_count++;
	if (head.argument_count > REQUEST_ARGUMENTS_MAX ||
		head.file_count > REQUEST_FILES_MAX)
		return false;
	buf_add(to, &head, sizeof(head));
	for (size_t i = 0; i < head.argument_count; i++)
		add_text(to, spec->argv[i]);
	for (size_t i = 0; i < head.file_count; i++) {
		const struct jail_file *file = &spec->files[i];

		add_text(to, file->name);
		buf_add(to, &file->length, sizeof(file->length));
		if (file->length > REQUEST_MAX)
			return false;
		buf_add(to, file->data, file->length);
	}
	return to->length <= REQUEST_MAX;
}

struct cursor {
	const char *at, *end;
};

static const char *take_text(struct cursor *cursor)
{
	const char *text = cursor->at;
	size_t room = (size_t)(cursor->end - cursor->at);
	const char *last = room ? memchr(text, '\0', room) : NULL;

	if (!last)
		return NULL;
	cursor->at = last + 1;
	return text;
}

static bool take_file(struct cursor *cursor, struct jail_file *file)
{
	file->name = take_text(cursor);
	if (!file->name ||
		(size_t)(cursor->end - cursor->at) < sizeof(file->length))
		return false;
	memcpy(&file->length, cursor->at, sizeof(file->length));
	cursor->at += sizeof(file->length);
	if ((size_t)(cursor->end - cursor->at) < file->length)
		return false;
	file->data = cursor->at;
	cursor->at += file->length;
	return true;
}

bool request_read(struct request *to, const char *bytes, size_t length)
{
	struct cursor cursor = {bytes, bytes + length};
	struct head head;

	if (length < sizeof(head))
		return false;
	memcpy(&head, bytes, sizeof(head));
	cursor.at += sizeof(head);
	if (head.argument_count > REQUEST_ARGUMENTS_MAX ||
		head.file_count > REQUEST_FILES_MAX)
		return false;
	to->kind = head.kind;
	to->cpu = head.cpu;
	to->first_pid = head.first_pid;
	to->file_count = head.file_count;
	for (size_t i = 0; i < head.argument_count; i++) {
		to->argv[i] = take_text(&cursor);
		if (!to->argv[i])
			return false;
	}
	to->argv[head.argument_count] = NULL;
	for (size_t i = 0; i < head.file_count; i++)
		if (!take_file(&cursor, &to->files[i]))
			return false;
	return cursor.at == cursor.end;
}
