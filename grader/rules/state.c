/*
 * state: what a process is like from outside, as the grader looks at it: its
 * session, its folder, its mask, its standard descriptors.
 */
#include <string.h>

#include "grader/rules/kinds.h"
#include "grader/rules/looks.h"

static const struct rule_field FIELDS[] = {
	{"what", RULE_CHOICE, true, "session|folder|umask|descriptors",
		"which of its properties"},
	{"is", RULE_NAME, true, NULL, "the text that it must have"},
	LOOK_FIELD,
	{0},
};

static const char *name_zh(const char *what)
{
	if (!strcmp(what, "session"))
		return "会话";
	if (!strcmp(what, "folder"))
		return "工作目录";
	if (!strcmp(what, "descriptors"))
		return "标准描述符 0、1、2";
	return "umask";
}

static const char *name_en(const char *what)
{
	return strcmp(what, "descriptors") ? what : "descriptors 0, 1, 2";
}

/* What the words for sessions mean. */
static const char *session_zh(const char *text)
{
	if (!strcmp(text, "leader"))
		return "它自己就是会话的首进程";
	return strcmp(text, "first") ? "自己的，它不是首进程"
				     : "启动程序的那个会话";
}

static const char *session_en(const char *text)
{
	if (!strcmp(text, "leader"))
		return "one that it leads itself";
	return strcmp(text, "first") ? "one of its own, not as its leader"
				     : "that in which the program was started";
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	const char *what = rule_text(rule, "what");
	const char *wanted = rule_text(rule, "is");
	bool session = !strcmp(what, "session");
	const char *got = "";
	struct look look;
	size_t event;

	(void)memory;
	if (!look_find(rule, run, result, &look))
		return;
	event = look_state(run, &look, what);
	if (event < run->trace->event_count && run->trace->events[event].text)
		got = run->trace->events[event].text;
	if (!strcmp(got, wanted) || !rule_fail(result))
		return;
	rule_show(result, look.event);
	if (event == run->trace->event_count) {
		rule_say_zh(result,
			"主进程结束以后没有进程活着，看不到它的%s。",
			name_zh(what));
		rule_say_en(result,
			"no process lives on after main, so there is no %s to "
			"look at.",
			name_en(what));
		return;
	}
	rule_show(result, event);
	rule_say_zh(result, "%s 的%s应为 %s，实际是 %s。",
		observed_name(run, look.process), name_zh(what),
		session ? session_zh(wanted) : wanted,
		session ? session_zh(got) : got);
	rule_say_en(result, "the %s of %s should be %s, not %s.", name_en(what),
		observed_name(run, look.process),
		session ? session_en(wanted) : wanted,
		session ? session_en(got) : got);
}

const struct rule_kind RULE_STATE = {
	.name = "state",
	.meaning = "a process that the grader looks at has a property",
	.fields = FIELDS,
	.judge = judge,
};
