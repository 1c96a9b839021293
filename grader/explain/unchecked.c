/*
 * A decision taken before the lock and not again under it: what was read under
 * the lock forbids the change, what was read before allowed it.
 */
#include <string.h>

#include "grader/explain/overlap.h"
#include "grader/json_reader.h"
#include "grader/rules/files.h"

/* The one whole number that the content consists of. */
static bool only_number(const char *content, int64_t *value)
{
	struct json_document document = {0};
	struct json_node root;
	struct err err;
	bool found = false;

	if (!content || json_document_open(&document, content, strlen(content),
				"", &err) != 0)
		return false;
	root = json_document_root(&document);
	if (json_is_object(&root) && json_field_count(&root) == 1)
		found = json_get_whole(&root, json_field_name(&root, 0), true,
				INT32_MIN, INT32_MAX, value) == 0;
	json_document_close(&document);
	return found;
}

/* The last read of the file by the process before END of a number above 0. */
static size_t read_of_some(const struct observed_run *run,
	const struct shared_update *update, size_t end)
{
	const struct trace *trace = run->trace;

	for (size_t i = end; i > 0; i--) {
		const struct event *event = &trace->events[i - 1];
		int64_t value = 0;

		if (event->kind != EVENT_READ || event->offset != 0 ||
			!acts_on(event, update->object) ||
			observed_process(run, event->task) != update->process)
			continue;
		return only_number(event->text, &value) && value > 0
			       ? i - 1
			       : trace->event_count;
	}
	return trace->event_count;
}

static bool look_at(const struct observed_run *run,
	const struct shared_update *update, struct story *story)
{
	const struct trace *trace = run->trace;
	const char *who = story_who(story, update->actor);
	int64_t before = 0, after = 0;
	size_t lock, looked;

	if (update->process < 0 || !only_number(update->before, &before) ||
		!only_number(update->after, &after) || before > 0 ||
		after >= before)
		return false;
	lock = lock_held(run, update->process, update->read);
	if (lock == trace->event_count ||
		lock_given_up(run, lock) < update->change_end)
		return false;
	looked = read_of_some(run, update, lock);
	if (looked == trace->event_count)
		return false;
	story_zh(story,
		"%s 在拿到锁 %s（%s）之前看到 %s（%s）；拿到锁以后"
		"读到的已经是 %s（%s），却没有再判断一次，照样写回了 "
		"%s（%s）。",
		who, trace->events[lock].object, story_at(story, lock),
		story_content(story, trace->events[looked].text),
		story_at(story, looked), story_content(story, update->before),
		story_at(story, update->read),
		story_content(story, update->after),
		story_at(story, update->change_end));
	story_en(story,
		"%s saw %s (%s) before it got the lock %s (%s). Under the lock "
		"it read %s (%s), did not decide anew, and wrote %s all the "
		"same (%s).",
		who, story_content(story, trace->events[looked].text),
		story_at(story, looked), trace->events[lock].object,
		story_at(story, lock), story_content(story, update->before),
		story_at(story, update->read),
		story_content(story, update->after),
		story_at(story, update->change_end));
	return true;
}

bool recognise_unchecked(const struct symptom *symptom, struct story *story)
{
	struct shared_updates all;
	bool found = false;

	shared_updates_make(&all, symptom->run);
	for (size_t i = 0; i < all.count && !found; i++)
		found = look_at(symptom->run, &all.items[i], story);
	shared_updates_release(&all);
	return found;
}
