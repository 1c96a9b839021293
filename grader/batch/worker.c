/*
 * How it works: equal submissions are graded once; each gets its own report,
 * in which its own path stands.  A message goes out when the report is on
 * disk, so that what the journal knows is there.
 */
#include "grader/batch/worker.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "grader/atomic_file.h"
#include "grader/folders.h"
#include "grader/marks.h"
#include "grader/old_report.h"
#include "grader/report/json_build.h"
#include "grader/report/report.h"
#include "grader/sign_of_life.h"

/* In front of a text: the criteria, or what went wrong. */
struct message {
	size_t member; /* of the group */
	bool trouble;
	enum verdict_state state;
	double score, max_score, extra_score, extra_max;
	double seconds;
};

static void tell(const struct pool_line *line, const struct message *message,
	const char *text)
{
	size_t length = strlen(text);
	struct buf data = {0};

	if (length > POOL_MESSAGE_MAX - sizeof(*message))
		length = POOL_MESSAGE_MAX - sizeof(*message);
	buf_add(&data, message, sizeof(*message));
	buf_add(&data, text, length);
	pool_tell(line, data.data, data.length);
	buf_release(&data);
}

static void tell_trouble(
	const struct pool_line *line, size_t member, const char *text)
{
	const struct message message = {.member = member, .trouble = true};

	tell(line, &message, text);
}

static char *criteria_text(const struct verdict *verdict)
{
	cJSON *array = cJSON_CreateArray();
	char *printed, *text;

	for (size_t i = 0; i < verdict->criterion_count; i++) {
		const struct criterion *criterion = &verdict->criteria[i];
		cJSON *object = json_add_element(array);

		json_add_text(object, "id", criterion->id);
		json_add_text(object, "verdict",
			verdict_state_name(criterion->state));
		json_add_number(object, "points", criterion->points);
		json_add_number(object, "max_points", criterion->max_points);
		cJSON_AddBoolToObject(object, "extra", criterion->extra);
	}
	printed = cJSON_PrintUnformatted(array);
	text = xstrdup(printed);
	cJSON_free(printed);
	cJSON_Delete(array);
	return text;
}

/* What a grader that was killed while writing left beside the report. */
static void remove_leftovers(const char *path)
{
	const char *slash = strrchr(path, '/');
	auto_free char *folder = xstrndup(path, (size_t)(slash - path));
	/* report.json.* and report.html.* */
	auto_free char *begin = xstrdup("report.");
	DIR *entries = opendir(folder);
	const struct dirent *entry;

	while (entries && (entry = readdir(entries)) != NULL) {
		auto_free char *name = NULL;

		if (strncmp(entry->d_name, begin, strlen(begin)) != 0 ||
			!strchr(entry->d_name + strlen(begin), '.'))
			continue;
		name = xasprintf("%s/%s", folder, entry->d_name);
		unlink(name);
	}
	if (entries)
		closedir(entries);
}

char *worker_page_path(const char *report)
{
	static const char json[] = ".json";
	size_t length = strlen(report);

	assert(length > sizeof(json) - 1);
	return xasprintf(
		"%.*s.html", (int)(length - (sizeof(json) - 1)), report);
}

static int write_report(const struct batch_options *options,
	const struct item *item, const struct verdict *verdict, struct err *err)
{
	auto_free char *path =
		xasprintf("%s/%s", options->output, item->report);
	auto_free char *page = worker_page_path(path);
	struct buf text = {0};
	int r = folders_make(path, err);

	if (r)
		return r;
	remove_leftovers(path);
	report_json_write(&text, verdict, options->language);
	r = atomic_file_write(path, text.data, text.length, err);
	buf_clear(&text);
	if (!r) {
		report_html_write(
			&text, verdict, options->language, "report.json");
		r = atomic_file_write(page, text.data, text.length, err);
	}
	buf_release(&text);
	return r;
}

/* Marks that people gave in the report that is there stay. */
static int carry_marks(const struct batch_options *options,
	const struct item *item, const struct submission *submission,
	struct verdict *verdict, struct err *err)
{
	auto_free char *path = xasprintf("%s/%s",
		options->marks_from ? options->marks_from : options->output,
		item->report);

	return old_report_carry(path, submission, verdict, err);
}

/*
 * Where the submission is, for the report: of an archive's, below the output
 * folder, so that it says the same wherever that is.
 */
static const char *told_path(
	const struct batch_options *options, const struct item *item)
{
	const size_t length = strlen(options->output);
	const char *below = item->path + length + 1;

	if (!*item->path)
		return item->student;
	if (!strncmp(item->path, options->output, length) &&
		item->path[length] == '/' &&
		!strncmp(below, BATCH_SUBMISSIONS "/",
			strlen(BATCH_SUBMISSIONS "/")))
		return below;
	return item->path;
}

static void report_member(const struct worker_job *job,
	const struct pool_line *line, size_t member, const struct item *item,
	struct verdict *verdict)
{
	const struct message message = {
		.member = member,
		.state = verdict->state,
		.score = verdict->score,
		.max_score = verdict->max_score,
		.extra_score = verdict->extra_score,
		.extra_max = verdict->extra_max,
		.seconds = verdict->run.seconds,
	};
	auto_free char *criteria = NULL;
	struct err err = {""};

	free(verdict->submission);
	verdict->submission = xstrdup(told_path(job->options, item));
	if (write_report(job->options, item, verdict, &err)) {
		tell_trouble(line, member, err.text);
		return;
	}
	criteria = criteria_text(verdict);
	tell(line, &message, criteria);
}

/* Grades, unless VERDICT is of the same submission and has nobody's marks. */
static int grade(const struct worker_job *job, const struct item *item,
	const struct submission *submission, struct verdict *verdict,
	struct err *err)
{
	int r = 0;

	if (marks_count(verdict))
		verdict_release(verdict);
	if (!verdict->exercise)
		r = grading_run(job->options->jail,
			plan_exercise(job->options, item), submission,
			job->options->grading, verdict, err);
	return r ? r
		 : carry_marks(job->options, item, submission, verdict, err);
}

static void live(void *line)
{
	pool_live(line);
}

void worker_grade(void *context, size_t task, const struct pool_line *line)
{
	const struct worker_job *job = context;
	const struct group *group = &job->plan->groups[task];
	const struct item *items = &job->plan->items[group->first];
	struct submission submission = {0};
	struct verdict verdict = {0};
	struct err err = {""};
	struct pool_line own = *line;
	int unread;

	sign_of_life_to(live, &own, job->sign_ms);
	unread = plan_read(job->plan, &items[0], &submission, &err);
	for (size_t i = 0; i < group->count; i++)
		if (unread ||
			grade(job, &items[i], &submission, &verdict, &err))
			tell_trouble(line, i, err.text);
		else
			report_member(job, line, i, &items[i], &verdict);
	verdict_release(&verdict);
	submission_release(&submission);
	sign_of_life_to(NULL, NULL, 0);
}

void worker_take_verdict(struct item *item, const struct verdict *verdict)
{
	free(item->verdict);
	free(item->criteria);
	item->verdict = xstrdup(verdict_state_name(verdict->state));
	item->criteria = criteria_text(verdict);
	item->score = verdict->score;
	item->max_score = verdict->max_score;
	item->extra_score = verdict->extra_score;
	item->extra_max = verdict->extra_max;
	item->seconds = verdict->run.seconds;
}

struct item *worker_hear(
	struct item *items, size_t count, const void *data, size_t length)
{
	struct message message;
	struct item *item;
	char *text;

	if (length < sizeof(message))
		return NULL;
	memcpy(&message, data, sizeof(message));
	if (message.member >= count)
		return NULL;
	item = &items[message.member];
	text = xstrndup(
		(const char *)data + sizeof(message), length - sizeof(message));
	if (message.trouble) {
		item->state = ITEM_TROUBLE;
		item->trouble = text;
		return item;
	}
	item->state = ITEM_DONE;
	item->verdict = xstrdup(verdict_state_name(message.state));
	item->score = message.score;
	item->max_score = message.max_score;
	item->extra_score = message.extra_score;
	item->extra_max = message.extra_max;
	item->seconds = message.seconds;
	item->criteria = text;
	return item;
}
