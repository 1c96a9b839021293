/*
 * First every entry is looked at by itself: what cannot be handed in refuses
 * the whole, with its name, before anything of the rest is used.  Then the
 * names are brought into one form ("./a//b.c" is "a/b.c"), folders around
 * everything are taken away, and what then lies on top is taken in the order of
 * names, so that the order in the archive tells nothing.
 */
#include "grader/submission_unpack.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/packed_name.h"
#include "grader/submission_accept.h"

/* A file of the archive that may be one of the submission. */
struct member {
	char *path;       /* owned, in one form */
	const char *name; /* in it, behind the folders around everything */
	struct packed_file *file;
};

struct members {
	struct member *items;
	size_t count, capacity;
};

static int refuse_path(struct submission *submission, const char *path)
{
	auto_free char *shown = submission_shown(path);

	return submission_refuse(submission,
		xasprintf("压缩包里的“%s”指向压缩包之外（绝对路径或 ..）。"
			  "请在文件所在的文件夹里重新打包。",
			shown),
		xasprintf("'%s' in the archive leads out of it (an absolute "
			  "path, or ..); pack it again, in the folder that the "
			  "files are in",
			shown));
}

static int refuse_kind(
	struct submission *submission, const struct packed_file *file)
{
	static const struct {
		const char *zh, *en;
	} kinds[PACKED_KIND_COUNT] = {
		[PACKED_LINK] = {"链接", "a link"},
		[PACKED_FIFO] = {"命名管道 (FIFO)", "a FIFO"},
		[PACKED_DEVICE] = {"设备文件", "a device"},
		[PACKED_SOCKET] = {"套接字", "a socket"},
	};
	auto_free char *shown = submission_shown(file->name);

	return submission_refuse(submission,
		xasprintf("压缩包里的“%s”是%s，不是普通文件。"
			  "请只打包 .c 和 .h 文件本身。",
			shown, kinds[file->kind].zh),
		xasprintf("'%s' in the archive is %s, not a regular file; pack "
			  "the .c and .h files themselves",
			shown, kinds[file->kind].en));
}

static int refuse_encrypted(struct submission *submission, const char *name)
{
	auto_free char *shown = submission_shown(name);

	return submission_refuse(submission,
		xasprintf("“%s”是加密的。请重新打包，不要设置密码。", shown),
		xasprintf("'%s' is encrypted; pack it again without a password",
			shown));
}

static int refuse_damaged(struct submission *submission, const char *name)
{
	auto_free char *shown = submission_shown(name);

	return submission_refuse(submission,
		xasprintf("压缩包在“%s”处已损坏。请重新打包，"
			  "并检查上传是否完整。",
			shown),
		xasprintf("the archive is damaged at '%s'; pack it again, and "
			  "check that it was uploaded whole",
			shown));
}

static int refuse_encoding(struct submission *submission, const char *name)
{
	auto_free char *shown = submission_shown(name);

	return submission_refuse(submission,
		xasprintf("压缩包里的文件名“%s”既不是 UTF-8 也不是 GBK，"
			  "或者太长。请只用英文字母和数字命名，再重新打包。",
			shown),
		xasprintf("the name '%s' in the archive is neither UTF-8 nor "
			  "GBK, or too long; use letters and digits, and pack "
			  "it again",
			shown));
}

static int refuse_nested(struct submission *submission, const char *name)
{
	auto_free char *shown = submission_shown(name);

	return submission_refuse(submission,
		xasprintf("压缩包里还有压缩包“%s”，它不会被打开。"
			  "请先解压，再打包里面的 .c 文件。",
			shown),
		xasprintf("'%s' is an archive within the archive, and is not "
			  "opened; unpack it and pack the .c files that were "
			  "in it",
			shown));
}

static int refuse_twice(struct submission *submission, const char *name)
{
	auto_free char *shown = submission_shown(name);

	return submission_refuse(submission,
		xasprintf("压缩包里有两个“%s”，不知道该评哪一个。"
			  "请只保留一个，再重新打包。",
			shown),
		xasprintf("'%s' is in the archive twice, and either could be "
			  "meant; keep one, and pack it again",
			shown));
}

/* What makes FILE refuse the whole archive, before its data matters. */
static int check_entry(
	struct submission *submission, const struct packed_file *file)
{
	if (packed_name_leads_out(file->name))
		return refuse_path(submission, file->name);
	if (file->kind != PACKED_FILE && file->kind != PACKED_FOLDER)
		return refuse_kind(submission, file);
	if (file->flags & PACKED_BAD_NAME)
		return refuse_encoding(submission, file->name);
	if (file->flags & PACKED_ENCRYPTED)
		return refuse_encrypted(submission, file->name);
	if (file->flags & PACKED_DAMAGED)
		return refuse_damaged(submission, file->name);
	if (file->kind == PACKED_FILE && submission_is_archive(file->name) &&
		!packed_name_is_litter(file->name))
		return refuse_nested(submission, file->name);
	if (file->flags & PACKED_LARGE)
		return submission_refuse_size(
			submission, file->name, SUBMISSION_FILE_MAX);
	return 0;
}

static int refuse_bomb(struct submission *submission, const char *name)
{
	auto_free char *shown = submission_shown(name);

	return submission_refuse(submission,
		xasprintf("压缩包到“%s”为止，解压后已超过 %u MiB "
			  "或压缩前的 %d 倍，不再解压。"
			  "请只打包自己写的源代码。",
			shown, PACKED_UNPACKED_MAX >> 20, PACKED_RATIO_MAX),
		xasprintf("up to '%s' the archive would unpack to more than %u "
			  "MiB, or %d times its size, and is left packed; pack "
			  "only the source code that you wrote",
			shown, PACKED_UNPACKED_MAX >> 20, PACKED_RATIO_MAX));
}

static int refuse_many(struct submission *submission)
{
	return submission_refuse(submission,
		xasprintf("压缩包里的文件超过 %d 个。请只打包 .c 和 .h 文件。",
			SUBMISSION_ENTRIES_MAX),
		xasprintf("more than %d files in the archive; pack .c and .h "
			  "files only",
			SUBMISSION_ENTRIES_MAX));
}

static int refuse_other(struct submission *submission, const char *name)
{
	auto_free char *shown = submission_shown(name);

	return submission_refuse(submission,
		xasprintf(
			"“%s”不是能读的压缩包，或者不完整。请用 zip 或 tar.gz "
			"重新打包，并检查上传是否完整。",
			shown),
		xasprintf("'%s' cannot be read as an archive, or is cut short; "
			  "pack it again, as zip or tar.gz, and check that it "
			  "was uploaded whole",
			shown));
}

/* The archive called NAME, if it was not read to its end; LAST is where. */
static int check_end(struct submission *submission, const char *name,
	const struct packed *packed)
{
	const char *last = packed->count > 0
				   ? packed->files[packed->count - 1].name
				   : name;
	auto_free char *shown = submission_shown(name);

	switch (packed->end) {
	case PACKED_END_COMPLETE:
		return 0;
	case PACKED_END_DAMAGED:
		return refuse_damaged(submission, last);
	case PACKED_END_ENCRYPTED:
		return refuse_encrypted(submission, name);
	case PACKED_END_BOMB:
		return refuse_bomb(submission, last);
	case PACKED_END_MANY:
		return refuse_many(submission);
	case PACKED_END_LARGE:
		return submission_refuse_size(
			submission, name, SUBMISSION_TOTAL_MAX);
	case PACKED_END_LIMIT:
		return submission_refuse(submission,
			xasprintf("“%s”解压太费时间或内存，已放弃。"
				  "请只打包自己写的源代码。",
				shown),
			xasprintf("'%s' takes too long or too much memory to "
				  "unpack; pack only the source code that you "
				  "wrote",
				shown));
	default:
		return refuse_other(submission, name);
	}
}

static void collect(struct members *members, struct packed *packed)
{
	for (size_t i = 0; i < packed->count; i++) {
		struct packed_file *file = &packed->files[i];
		char *path = packed_name_normal(file->name);

		if (file->kind != PACKED_FILE || packed_name_is_litter(path)) {
			free(path);
			continue;
		}
		grow_array(&members->items, members->count, &members->capacity,
			sizeof(*members->items));
		members->items[members->count++] =
			(struct member){path, path, file};
	}
}

/* Takes one folder away that all are in; false when there is none. */
static bool strip_folder(struct members *members)
{
	const char *first = members->count ? members->items[0].name : "";
	size_t length = strcspn(first, "/") + 1;

	if (!strchr(first, '/'))
		return false;
	for (size_t i = 1; i < members->count; i++)
		if (strncmp(members->items[i].name, first, length) != 0)
			return false;
	for (size_t i = 0; i < members->count; i++)
		members->items[i].name += length;
	return true;
}

static int compare_members(const void *a, const void *b)
{
	const struct member *left = a, *right = b;

	return strcmp(left->name, right->name);
}

static bool is_on_top(const struct member *member)
{
	return !strchr(member->name, '/') && member->name[0] != '.';
}

/* The one source of the archive, if it is a .c file; or NULL. */
static const struct member *lone_source(const struct members *members)
{
	const struct member *found = NULL;

	for (size_t i = 0; i < members->count; i++) {
		const struct member *member = &members->items[i];

		if (!is_on_top(member) || !submission_is_source(member->name))
			continue;
		if (found || !submission_is_c_file(member->name))
			return NULL;
		found = member;
	}
	return found;
}

/* 0, 1 when refused, 2 when ignored. */
static int take_member(struct submission *submission,
	const struct member *member, bool is_lone)
{
	struct packed_file *file = member->file;
	/* the first of several spellings */
	bool answer = answer_is_name(member->name) &&
		      !answer_is_there(&submission->answer);
	const char *stored = member->name;
	struct buf data = {0};
	int r;

	if (!is_on_top(member) || !file->data ||
		(!answer && !submission_is_source(member->name)))
		return 2;
	if (!answer && is_lone)
		stored = submission_lone_name(submission, member->name);
	else if (!answer && !submission_is_safe_name(member->name))
		return submission_refuse_name(submission, member->name);
	data = (struct buf){file->data, file->length, file->length + 1};
	file->data = NULL;
	if (answer && data.length > ANSWER_MAX)
		answer_take_large(&submission->answer, member->name);
	else if (answer)
		answer_take(&submission->answer, member->name, buf_text(&data),
			data.length);
	r = answer ? 0
		   : submission_take(submission, member->name, stored, &data);
	buf_release(&data);
	return r;
}

static int take_members(
	struct submission *submission, const struct members *members)
{
	const struct member *lone = lone_source(members);
	const char **ignored = xcalloc(members->count + 1, sizeof(*ignored));
	size_t ignored_count = 0;
	int r = 0;

	for (size_t i = 0; i < members->count && r != 1; i++) {
		const struct member *member = &members->items[i];

		if (i > 0 && !strcmp(member[-1].name, member->name)) {
			r = refuse_twice(submission, member->name);
			break;
		}
		r = take_member(submission, member, member == lone);
		if (r == 2)
			ignored[ignored_count++] = member->name;
	}
	if (r != 1)
		submission_note_ignored(submission, ignored, ignored_count);
	free(ignored);
	return r == 1;
}

int submission_take_packed(
	struct submission *submission, const char *name, struct packed *packed)
{
	struct members members = {0};
	int r = 0;

	for (size_t i = 0; i < packed->count && !r; i++)
		r = check_entry(submission, &packed->files[i]);
	if (!r)
		r = check_end(submission, name, packed);
	if (r)
		return r;
	collect(&members, packed);
	while (strip_folder(&members))
		;
	if (members.count)
		qsort(members.items, members.count, sizeof(*members.items),
			compare_members);
	r = take_members(submission, &members);
	for (size_t i = 0; i < members.count; i++)
		free(members.items[i].path);
	free(members.items);
	return r;
}

int submission_unpack(struct submission *submission, const char *name,
	const struct buf *archive, struct err *err)
{
	struct packed packed = {0};
	int r = packed_read(&packed, buf_text(archive), archive->length, err);

	if (!r)
		r = submission_take_packed(submission, name, &packed);
	packed_release(&packed);
	return r;
}
