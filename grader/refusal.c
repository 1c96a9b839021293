/*
 * The event `denied` with an errno; which calls matter stands in the policy
 * of the sandbox.  One with an object is a program or file that is not there.
 */
#include "grader/refusal.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "jail/policy.h"

bool refusal_is(const struct event *event)
{
	return event->kind == EVENT_DENIED && event->value != 0;
}

const struct event *refusal_find(const struct observed_run *run)
{
	const struct trace *trace = run->trace;

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (refusal_is(event) && event->call &&
			policy_refusal_matters(event->call))
			return event;
	}
	return NULL;
}

/* ERROR: its name. */
static struct bilingual tell_missing(const struct event *event,
	const char *call, const char *error, const char *place, const char *who)
{
	const bool runs = !strncmp(call, "exec", 4);
	const bool denied = event->value == EACCES;

	return (struct bilingual){
		.zh = xasprintf("%s %s：沙箱里%s（%s%s%s，%s）。", call,
			event->object,
			denied ? (runs ? "不许执行它" : "不许打开它")
			: runs ? "没有这个程序"
			       : "没有这个文件",
			error, place ? "，" : "", place ? place : "", who),
		.en = xasprintf("%s %s: %s in the sandbox (%s)%s%s, in %s.",
			call, event->object,
			denied ? (runs ? "it may not be executed"
				       : "it may not be opened")
			: runs ? "there is no such program"
			       : "there is no such file",
			error, place ? " at " : "", place ? place : "", who),
	};
}

struct bilingual refusal_tell(
	const struct observed_run *run, const struct event *event)
{
	const char *call = event->call ? event->call : "?";
	const char *error = strerrorname_np((int)event->value);
	const char *who = observed_name(run, event->task);
	const char *place = NULL;
	struct bilingual text;

	if (run->place && event->pc)
		place = run->place(run->place_context, event->pc);
	if (!error)
		error = "?";
	if (event->object)
		return tell_missing(event, call, error, place, who);
	text.zh = xasprintf("沙箱不提供系统调用 %s：它失败了（%s%s%s，%s）。",
		call, error, place ? "，" : "", place ? place : "", who);
	text.en = xasprintf("the sandbox does not offer the system call %s: it "
			    "failed with %s%s%s, in %s.",
		call, error, place ? " at " : "", place ? place : "", who);
	return text;
}
