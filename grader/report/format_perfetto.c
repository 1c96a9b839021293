/*
 * The failing run in the Trace Event format, which ui.perfetto.dev and
 * chrome://tracing open: a row a process or thread, slices for what it does and
 * waits for, instants for what it prints and for the finding, arrows for what
 * goes from one to another.
 *
 * Time is virtual, in microseconds.  Much happens in no time at all, which
 * nobody could see; so each event takes half a microsecond and comes no earlier
 * than the end of the one before it.  All times are eighths of a microsecond:
 * those are exact in binary, and readers that make nanoseconds of a double may
 * otherwise be one off, and then drop slices that overlap.  Slices of a row
 * nest: what a task does ends before its next event, what it waits for lasts
 * until then, and its life is around all.  What may overlap (locks that are
 * held, the dead that nobody has waited for) are asynchronous pairs.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/diagram/relations.h"
#include "grader/report/chosen.h"
#include "grader/report/format.h"
#include "grader/report/test_list.h"
#include "trace/trace_json.h"

#define STEP_NS 500
#define FLOW_NS 125 /* within a slice, an arrow begins or ends here, ... */
#define MARK_NS 250 /* ... and behind that evidence is marked */

struct writer {
	struct buf *out;
	const struct told_trace *trace;
	const struct finding *finding;
	enum language language;
	int64_t *at;          /* one an event: when it begins, ns */
	int64_t *born, *died; /* one a task, ns */
	int64_t end;          /* of the run, ns */
	unsigned ids;         /* of arrows and pairs, so far */
	bool begun;
};

static const char *say(
	const struct writer *writer, const char *zh, const char *en)
{
	return writer->language == LANGUAGE_ZH ? zh : en;
}

static void add_string(struct buf *out, const char *text)
{
	auto_free char *line = shown_line(text);

	trace_json_write_string(out, line);
}

static void add_field(struct buf *out, const char *name, const char *text)
{
	buf_addf(out, ",\"%s\":", name);
	add_string(out, text);
}

static int pid_of(const struct writer *writer, int task)
{
	return task < 0 ? (int)writer->trace->task_count + 1
			: writer->trace->tasks[task].process + 1;
}

/* Zero is the idle task to those who read it. */
static int tid_of(const struct writer *writer, int task)
{
	return task < 0 ? (int)writer->trace->task_count + 1 : task + 1;
}

/* Begins an event of phase PHASE; the caller adds what it has and "}". */
static void begin(struct writer *writer, char phase, const char *category,
	const char *name, int task, int64_t ns)
{
	struct buf *out = writer->out;

	buf_adds(out, writer->begun ? ",\n{\"name\":" : "\n{\"name\":");
	writer->begun = true;
	add_string(out, name);
	buf_addf(out,
		",\"cat\":\"%s\",\"ph\":\"%c\",\"ts\":%lld.%03d,\"pid\":%d,"
		"\"tid\":%d",
		category, phase, (long long)(ns / 1000), (int)(ns % 1000),
		pid_of(writer, task), tid_of(writer, task));
}

static void add_duration(struct writer *writer, int64_t ns)
{
	buf_addf(writer->out, ",\"dur\":%lld.%03d", (long long)(ns / 1000),
		(int)(ns % 1000));
}

/* What the event is about, and the end of the object. */
static void finish(struct writer *writer, const struct told_event *event)
{
	struct buf *out = writer->out;

	buf_addf(out, ",\"args\":{\"seq\":%u,\"time_us\":%lld",
		(unsigned)event->seq, (long long)event->time_us);
	add_field(out, "what", language_pick(&event->what, writer->language));
	if (event->place)
		add_field(out, "place", event->place);
	buf_adds(out, "}}");
}

/* When everything begins, and how long the tasks live. */
static void set_times(struct writer *writer)
{
	const struct told_trace *trace = writer->trace;
	int64_t now = 0;

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct told_event *event = &trace->events[i];

		if (now < event->time_us * 1000)
			now = event->time_us * 1000;
		writer->at[i] = now;
		if (event->kind == EVENT_FORK && event->other >= 0)
			writer->born[event->other] = now;
		now += STEP_NS;
	}
	writer->end = now;
	for (size_t i = 0; i < trace->task_count; i++)
		writer->died[i] = now;
	for (size_t i = trace->event_count; i > 0; i--) {
		const struct told_event *event = &trace->events[i - 1];

		if (event->kind == EVENT_EXIT && event->task >= 0)
			writer->died[event->task] = writer->at[i - 1] + STEP_NS;
	}
}

static int64_t time_of(const struct writer *writer, size_t event)
{
	return event < writer->trace->event_count ? writer->at[event]
						  : writer->end;
}

static void add_name(
	struct writer *writer, const char *which, const char *name, int task)
{
	begin(writer, 'M', "__metadata", which, task, 0);
	buf_adds(writer->out, ",\"args\":{\"name\":");
	add_string(writer->out, name);
	buf_adds(writer->out, "}}");
}

static void add_place_in_order(
	struct writer *writer, const char *which, int task)
{
	begin(writer, 'M', "__metadata", which, task, 0);
	buf_addf(writer->out, ",\"args\":{\"sort_index\":%d}}", task + 1);
}

static void add_tasks(struct writer *writer)
{
	const struct told_trace *trace = writer->trace;

	add_name(writer, "process_name", "grader", -1);
	add_place_in_order(writer, "process_sort_index", -1);
	for (size_t i = 0; i < trace->task_count; i++) {
		const struct told_task *task = &trace->tasks[i];

		if (task->process == (int)i) {
			add_name(writer, "process_name", task->name, (int)i);
			add_place_in_order(
				writer, "process_sort_index", (int)i);
		}
		add_name(writer, "thread_name", task->name, (int)i);
		add_place_in_order(writer, "thread_sort_index", (int)i);
	}
	for (size_t i = 0; i < trace->task_count; i++) {
		begin(writer, 'X', "life", trace->tasks[i].name, (int)i,
			writer->born[i]);
		add_duration(writer, writer->died[i] > writer->born[i]
					     ? writer->died[i] - writer->born[i]
					     : STEP_NS);
		buf_addc(writer->out, '}');
	}
}

static bool is_wait(enum event_kind kind)
{
	return kind == EVENT_WAIT || kind == EVENT_LOCK_WAIT ||
	       kind == EVENT_SLEEP;
}

/* What the task does; of output, an instant that says what it was. */
static void add_event(struct writer *writer, size_t index)
{
	const struct told_event *event = &writer->trace->events[index];
	const bool waits = is_wait(event->kind) && event->task >= 0;
	auto_free char *name = xasprintf("%s%s%s", event_kind_name(event->kind),
		event->object ? " " : "", event->object ? event->object : "");

	if (event->kind == EVENT_OUTPUT) {
		begin(writer, 'i', "output", event->text ? event->text : "",
			event->task, writer->at[index]);
		buf_adds(writer->out, ",\"s\":\"t\"");
	} else {
		begin(writer, 'X', waits ? "wait" : "call", name, event->task,
			writer->at[index]);
		add_duration(writer,
			waits ? time_of(writer, relation_goes_on(
							writer->trace, index)) -
					writer->at[index]
			      : STEP_NS);
	}
	finish(writer, event);
}

/* A pair, on the row of TASK. */
static void add_pair(struct writer *writer, const char *category,
	const char *name, int task, int64_t from, int64_t to)
{
	unsigned id = ++writer->ids;

	begin(writer, 'b', category, name, task, from);
	buf_addf(writer->out, ",\"id\":%u}", id);
	begin(writer, 'e', category, name, task, to);
	buf_addf(writer->out, ",\"id\":%u}", id);
}

/* What lasts beside what the task does. */
static void add_lasting(struct writer *writer, size_t index)
{
	const struct told_trace *trace = writer->trace;
	const struct told_event *event = &trace->events[index];
	int64_t from = writer->at[index];
	enum diagram_arrow_kind kind;
	size_t cause;

	if (event->task < 0)
		return;
	if (event->kind == EVENT_LOCK || event->kind == EVENT_ACQUIRE) {
		auto_free char *name =
			xasprintf("%s %s", say(writer, "持有", "holds"),
				event->object ? event->object : "");

		add_pair(writer, "lock", name, event->task, from,
			time_of(writer, relation_given_back(trace, index)));
	} else if (event->kind == EVENT_ORPHAN) {
		add_pair(writer, "orphan", say(writer, "孤儿", "orphan"),
			event->task, from,
			time_of(writer,
				relation_next(trace, index, EVENT_EXIT,
					relation_process(trace, event->task),
					NULL)));
	} else if (event->kind == EVENT_REAP) {
		cause = relation_cause(trace, index, &kind);
		if (cause < trace->event_count)
			add_pair(writer, "zombie",
				say(writer, "已结束，还没有被等待",
					"ended, not waited for yet"),
				event->other, writer->at[cause], from);
	}
}

/* From within the slice of one event to within that of another. */
static void add_arrow(struct writer *writer, enum diagram_arrow_kind kind,
	int from_task, int64_t from, int to_task, int64_t to)
{
	static const char *const names[] = {
		[DIAGRAM_FORK] = "fork",
		[DIAGRAM_END] = "end",
		[DIAGRAM_SIGNAL] = "signal",
		[DIAGRAM_ITEM] = "item",
		[DIAGRAM_LOCK] = "lock",
		[DIAGRAM_WAKE] = "wake",
	};
	unsigned id = ++writer->ids;

	begin(writer, 's', "flow", names[kind], from_task, from + FLOW_NS);
	buf_addf(writer->out, ",\"id\":%u}", id);
	begin(writer, 'f', "flow", names[kind], to_task, to + FLOW_NS);
	buf_addf(writer->out, ",\"id\":%u,\"bp\":\"e\"}", id);
}

/* The first event of TASK behind its fork; its life is around that. */
static size_t first_of(const struct told_trace *trace, size_t fork, int task)
{
	size_t i = fork + 1;

	while (i < trace->event_count && trace->events[i].task != task)
		i++;
	return i;
}

static void add_arrows_to(struct writer *writer, size_t index)
{
	const struct told_trace *trace = writer->trace;
	const struct told_event *event = &trace->events[index];
	enum diagram_arrow_kind kind = DIAGRAM_FORK;
	size_t cause, first;

	if (event->kind == EVENT_FORK && event->other >= 0) {
		first = first_of(trace, index, event->other);
		if (first < trace->event_count)
			add_arrow(writer, DIAGRAM_FORK, event->task,
				writer->at[index], event->other,
				writer->at[first]);
		return;
	}
	cause = relation_cause(trace, index, &kind);
	if (cause < trace->event_count &&
		trace->events[cause].task != event->task)
		add_arrow(writer, kind, trace->events[cause].task,
			writer->at[cause], event->task, writer->at[index]);
}

static void add_switches(struct writer *writer)
{
	const struct told_trace *trace = writer->trace;

	for (size_t i = 0; i < trace->switch_count; i++) {
		const struct told_switch *made = &trace->switches[i];
		auto_free char *name = xasprintf("%s%s",
			say(writer, "本可以继续，轮到了",
				"could have gone on; next was "),
			made->to < 0 ? say(writer, "时钟", "the clock")
				     : trace->tasks[made->to].name);

		begin(writer, 'i', "switch", name, made->from,
			time_of(writer, made->position));
		buf_adds(writer->out, ",\"s\":\"t\"}");
	}
}

/* The evidence where it happened, and the finding over all rows. */
static void add_finding(struct writer *writer)
{
	const struct finding *finding = writer->finding;
	const struct told_trace *trace = writer->trace;
	int64_t last = writer->end;

	for (size_t i = 0; i < finding->event_count; i++) {
		const struct verdict_event *event = &finding->events[i];
		auto_free char *name = NULL;

		if (event->seq >= trace->event_count)
			continue;
		last = writer->at[event->seq] + MARK_NS;
		name = xasprintf(
			"» %s", language_pick(&event->what, writer->language));
		begin(writer, 'i', "evidence", name,
			trace->events[event->seq].task, last);
		buf_adds(writer->out, ",\"s\":\"t\"}");
	}
	begin(writer, 'i', "finding",
		language_pick(&finding->message, writer->language), -1, last);
	buf_adds(writer->out, ",\"s\":\"g\"}");
}

static void add_events(struct writer *writer)
{
	const struct told_trace *trace = writer->trace;

	writer->at = xcalloc(trace->event_count + 1, sizeof(*writer->at));
	writer->born = xcalloc(trace->task_count + 1, sizeof(*writer->born));
	writer->died = xcalloc(trace->task_count + 1, sizeof(*writer->died));
	set_times(writer);
	add_tasks(writer);
	for (size_t i = 0; i < trace->event_count; i++) {
		add_event(writer, i);
		add_lasting(writer, i);
		add_arrows_to(writer, i);
	}
	add_switches(writer);
	add_finding(writer);
	free(writer->at);
	free(writer->born);
	free(writer->died);
}

/* What the run is, for who looks at the file and not at the rows. */
static void add_about(struct buf *out, const struct verdict *verdict,
	const struct chosen *chosen)
{
	const struct finding *finding = chosen->finding;

	buf_adds(out, "{\"displayTimeUnit\":\"ns\",\n\"otherData\":{\"grader\":"
		      "\"virtual time\"");
	add_field(out, "exercise", verdict->exercise);
	if (chosen->trace) {
		add_field(out, "criterion", chosen->criterion->id);
		add_field(out, "rule", finding->rule);
		add_field(out, "scenario", finding->scenario);
		add_field(out, "command", finding->scenario_command);
		add_field(out, "policy", finding->policy);
		buf_addf(out, ",\"seed\":\"%llu\",\"events\":%zu",
			(unsigned long long)finding->seed,
			chosen->trace->event_count);
		if (chosen->trace->event_count < chosen->trace->event_total)
			buf_addf(out, ",\"truncated\":%zu",
				chosen->trace->event_total -
					chosen->trace->event_count);
		add_field(out, "trace_hash", finding->trace_hash);
	}
	buf_adds(out, "},\n\"traceEvents\":[");
}

static void add_nothing(struct writer *writer, const struct verdict *verdict)
{
	static const struct told_trace none = {0};
	auto_free char *name = xasprintf("%s: %g / %g; %s", verdict->exercise,
		verdict->score, verdict->max_score,
		say(writer, "没有可以展示的失败运行",
			"there is no failing run to show"));

	writer->trace = &none;
	add_name(writer, "process_name", "grader", -1);
	begin(writer, 'i', "finding", name, -1, 0);
	buf_adds(writer->out, ",\"s\":\"g\"}");
}

void format_perfetto(struct buf *out, const struct verdict *verdict,
	const struct report_style *style)
{
	struct chosen chosen = chosen_run(verdict, style);
	struct writer writer = {.out = out,
		.trace = chosen.trace,
		.finding = chosen.finding,
		.language = style->language};

	add_about(out, verdict, &chosen);
	if (chosen.trace)
		add_events(&writer);
	else
		add_nothing(&writer, verdict);
	buf_adds(out, "\n]}\n");
}
