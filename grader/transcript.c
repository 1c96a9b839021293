/*
 * A process' text arrives here as lines (sandbox/model/lines.h); one that was
 * not ended by a newline is a prompt, or a piece of a very long line.
 */
#include "grader/transcript.h"

#include <string.h>

#include "base/buf.h"
#include "grader/report/layout.h"

#define WHO_WIDTH_MAX 24

static bool is_output(const struct event *event)
{
	return event->kind == EVENT_OUTPUT && event->object;
}

static size_t name_width(const struct observed_run *run)
{
	size_t width = 0;

	for (size_t i = 0; i < run->trace->event_count; i++) {
		const struct event *event = &run->trace->events[i];
		size_t own;

		if (!is_output(event))
			continue;
		own = layout_width(observed_name(run, event->task));
		if (own > width)
			width = own;
	}
	return width < WHO_WIDTH_MAX ? width : WHO_WIDTH_MAX;
}

/* "  1.000 s  child 1 | " */
static void add_who(struct buf *out, const struct observed_run *run,
	const struct event *event, size_t width)
{
	buf_addf(out, "%9.3f s  ", (double)event->time_us / 1e6);
	layout_fit(out, observed_name(run, event->task), width);
	buf_adds(out, " | ");
}

bool transcript_write(const struct observed_run *run, bool who,
	transcript_fn *write, void *context)
{
	const struct event *open = NULL; /* its line is not ended */
	size_t width = who ? name_width(run) : 0;
	struct buf line = {0};

	for (size_t i = 0; i < run->trace->event_count; i++) {
		const struct event *event = &run->trace->events[i];
		const char *text = event->text ? event->text : "";

		if (!is_output(event))
			continue;
		if (who && open && open->task != event->task) {
			buf_addc(&line, '\n');
			open = NULL;
		}
		if (who && !open)
			add_who(&line, run, event, width);
		buf_adds(&line, text);
		if (event->value)
			buf_addc(&line, '\n');
		open = event->value ? NULL : event;
		write(context,
			strcmp(event->object, "stderr") ? TRANSCRIPT_STDOUT
							: TRANSCRIPT_STDERR,
			buf_text(&line), line.length);
		buf_clear(&line);
	}
	buf_release(&line);
	return open != NULL;
}
