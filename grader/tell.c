/*
 * One function a group of kinds; a kind without a sentence of its own gets
 * its name, object and call.  Texts are cut so that a line stays readable.
 */
#include "grader/tell.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"

#define TEXT_MAX 120

struct teller {
	const struct observed_run *run;
	const struct event *event;
	const char *object; /* never NULL */
	const char *other;  /* display name of event->other */
	char *text;         /* one line, cut; owned */
	char *after;        /* the same, NULL when there is none */
	struct bilingual *out;
};

/* One line of at most TEXT_MAX bytes, cut at a character. */
static char *short_text(const char *text)
{
	struct buf out = {0};
	size_t end = 0;

	if (!text)
		return xstrdup("");
	while (end < TEXT_MAX && text[end])
		end++;
	while (text[end] && end > 0 &&
		((unsigned char)text[end] & 0xc0) == 0x80)
		end--;
	for (size_t i = 0; i < end; i++)
		if (text[i] != '\n')
			buf_addc(&out, text[i]);
		else if (text[i + 1])
			buf_adds(&out, "\\n");
	if (text[end])
		buf_adds(&out, "…");
	return buf_detach(&out);
}

struct bilingual tell_object(const struct event *event)
{
	const char *name = event->object && *event->object ? event->object
			   : event->call                   ? event->call
							   : "?";
	struct bilingual out;

	if (!strcmp(name, "child")) {
		out.zh = xstrdup("子进程结束");
		out.en = xstrdup("a child's end");
	} else if (!strcmp(name, "time")) {
		out.zh = xstrdup("时间过去");
		out.en = xstrdup("time to pass");
	} else if (!strcmp(name, "stdin")) {
		out.zh = xstrdup("标准输入");
		out.en = xstrdup("standard input");
	} else if (!strncmp(name, "futex:", 6)) {
		out.zh = xasprintf("共享的锁或信号量 %s", name);
		out.en = xasprintf("the shared lock or semaphore %s", name);
	} else if (!strncmp(name, "private-futex:", 14)) {
		out.zh = xasprintf("只在本进程内有效的锁或信号量 %s", name);
		out.en = xasprintf("the lock or semaphore %s, which works "
				   "within its process only",
			name);
	} else if (!strncmp(name, "pipe:", 5)) {
		out.zh = xasprintf("管道 %s", name);
		out.en = xasprintf("the pipe %s", name);
	} else if (!strcmp(name, "busy-wait")) {
		out.zh = xstrdup("一个再也没有人能改变的条件（它在反复查询）");
		out.en = xstrdup("something that nobody can change any more "
				 "(it asks again and again)");
	} else if (!strcmp(name, "stopped")) {
		out.zh = xstrdup("有人发 SIGCONT（它被停住了）");
		out.en = xstrdup("SIGCONT (it is stopped)");
	} else {
		out.zh = xstrdup(name);
		out.en = xstrdup(name);
	}
	return out;
}

struct bilingual tell_holder(
	const struct observed_run *run, const struct event *event)
{
	const char *other = observed_name(run, event->other);
	bool child = event->object && !strcmp(event->object, "child");
	bool pipe = event->object && !strncmp(event->object, "pipe:", 5);

	if (event->other < 0)
		return (struct bilingual){xstrdup(""), xstrdup("")};
	if (child)
		return (struct bilingual){
			xasprintf("（%s）", other), xasprintf(" (%s)", other)};
	if (pipe)
		return (struct bilingual){
			xasprintf("（写端还开在 %s 手里）", other),
			xasprintf(" (%s has its write end open)", other)};
	return (struct bilingual){xasprintf("（被 %s 占着）", other),
		xasprintf(" (held by %s)", other)};
}

static void tell_life(struct teller *t)
{
	const struct event *event = t->event;
	const char *name = event->signal ? sigabbrev_np(event->signal) : "";

	switch (event->kind) {
	case EVENT_START:
		t->out->zh = xasprintf("程序开始：%s", t->object);
		t->out->en = xasprintf("the program begins: %s", t->object);
		break;
	case EVENT_FORK:
		if (event->task < 0) {
			t->out->zh = xasprintf("再次启动程序：%s", t->other);
			t->out->en = xasprintf(
				"starts the program once more: %s", t->other);
			break;
		}
		t->out->zh = xasprintf("创建了%s %s",
			event->value == 1 ? "线程" : "子进程", t->other);
		t->out->en = xasprintf("made the %s %s",
			event->value == 1 ? "thread" : "child", t->other);
		break;
	case EVENT_EXIT:
		if (event->signal) {
			t->out->zh = xasprintf("被信号 SIG%s 终止", name);
			t->out->en = xasprintf("ended by SIG%s", name);
		} else {
			t->out->zh = xasprintf("退出，状态 %d", event->status);
			t->out->en = xasprintf("exits with %d", event->status);
		}
		break;
	case EVENT_REAP:
		t->out->zh = xasprintf("回收了 %s", t->other);
		t->out->en = xasprintf("waited for %s", t->other);
		break;
	case EVENT_ORPHAN:
		t->out->zh =
			xasprintf("成了孤儿：父进程 %s 先结束了", t->other);
		t->out->en = xasprintf(
			"is an orphan: its parent %s ended", t->other);
		break;
	case EVENT_SIGNAL_SENT:
		t->out->zh = xasprintf("向 %s 发送 SIG%s", t->other, name);
		t->out->en = xasprintf("sends SIG%s to %s", name, t->other);
		break;
	case EVENT_SIGNAL_DELIVERED:
		t->out->zh = xasprintf("收到信号 SIG%s", name);
		t->out->en = xasprintf("gets SIG%s", name);
		break;
	case EVENT_LEFT:
		t->out->zh = xstrdup("在主进程结束后还活着");
		t->out->en = xstrdup("lives on after main's end");
		break;
	case EVENT_ZOMBIE:
		t->out->zh = xstrdup("已经结束，但没有被回收（僵尸进程）");
		t->out->en = xstrdup("has ended but was never waited for");
		break;
	default:
		break;
	}
}

/* Into a channel or out of it; what is no text is told by its length. */
static void tell_item(struct teller *t)
{
	bool text = !strstr(t->text, "\xef\xbf\xbd") && *t->text;
	long long bytes = (long long)t->event->value;
	auto_free char *zh = text ? xasprintf("“%s”", t->text)
				  : xasprintf(" %lld 字节", bytes);
	auto_free char *en = text ? xasprintf("'%s'", t->text)
				  : xasprintf("%lld bytes", bytes);

	if (t->event->kind == EVENT_PUT) {
		t->out->zh = xasprintf("放入 %s：%s", t->object, zh);
		t->out->en = xasprintf("puts %s into %s", en, t->object);
	} else if (!bytes) {
		t->out->zh = xasprintf("读 %s：到了末尾", t->object);
		t->out->en = xasprintf("sees the end of %s", t->object);
	} else {
		t->out->zh = xasprintf("从 %s 取出%s", t->object, zh);
		t->out->en = xasprintf("gets %s from %s", en, t->object);
	}
}

static void tell_file(struct teller *t)
{
	switch (t->event->kind) {
	case EVENT_OUTPUT:
		t->out->zh = xasprintf("输出“%s”", t->text);
		t->out->en = xasprintf("prints '%s'", t->text);
		break;
	case EVENT_OPEN:
		t->out->zh = xasprintf("打开 %s", t->object);
		t->out->en = xasprintf("opens %s", t->object);
		break;
	case EVENT_CLOSE:
		t->out->zh = xasprintf("关闭 %s", t->object);
		t->out->en = xasprintf("closes %s", t->object);
		break;
	case EVENT_UNLINK:
		t->out->zh = xasprintf("删除 %s", t->object);
		t->out->en = xasprintf("removes %s", t->object);
		break;
	case EVENT_READ:
		t->out->zh = xasprintf("从 %s 读到“%s”", t->object, t->text);
		t->out->en =
			xasprintf("reads '%s' from %s", t->text, t->object);
		break;
	case EVENT_WRITE:
		t->out->zh = xasprintf("向 %s 写入“%s”", t->object, t->text);
		t->out->en = xasprintf("writes '%s' to %s", t->text, t->object);
		break;
	case EVENT_RENAME:
		t->out->zh = xasprintf("把 %s 改名为 %s", t->object, t->text);
		t->out->en = xasprintf("renames %s to %s", t->object, t->text);
		break;
	case EVENT_TRUNCATE:
		t->out->zh = xasprintf("把 %s 截断为 %lld 字节", t->object,
			(long long)t->event->value);
		t->out->en = xasprintf("cuts %s to %lld bytes", t->object,
			(long long)t->event->value);
		break;
	case EVENT_PUT:
	case EVENT_GET:
		tell_item(t);
		break;
	default:
		break;
	}
}

static void tell_wait(struct teller *t)
{
	const struct event *event = t->event;
	struct bilingual what = tell_object(event), holder = {NULL, NULL};
	double seconds = (double)event->value / 1e6;

	switch (event->kind) {
	case EVENT_LOCK_WAIT:
		t->out->zh =
			xasprintf("等待锁 %s（被 %s 占着）", what.zh, t->other);
		t->out->en = xasprintf("waits for the lock %s (held by %s)",
			what.en, t->other);
		break;
	case EVENT_LOCK:
		t->out->zh = xasprintf("得到锁 %s", what.zh);
		t->out->en = xasprintf("gets the lock %s", what.en);
		break;
	case EVENT_UNLOCK:
		t->out->zh = xasprintf("放开锁 %s", what.zh);
		t->out->en = xasprintf("gives up the lock %s", what.en);
		break;
	case EVENT_WAIT:
		t->out->zh = xasprintf("阻塞，等待 %s", what.zh);
		t->out->en = xasprintf("blocks, waits for %s", what.en);
		break;
	case EVENT_POST:
		t->out->zh = xasprintf("唤醒等待 %s 的进程", what.zh);
		t->out->en = xasprintf("wakes who waits for %s", what.en);
		break;
	case EVENT_SLEEP:
		t->out->zh = xasprintf("睡眠 %.1f 秒", seconds);
		t->out->en = xasprintf("sleeps for %.1f s", seconds);
		break;
	case EVENT_WAKE:
		t->out->zh = xstrdup("醒来");
		t->out->en = xstrdup("goes on");
		break;
	case EVENT_SPIN:
		t->out->zh = xstrdup("在忙等");
		t->out->en = xstrdup("waits busily");
		break;
	case EVENT_DEADLOCK:
		holder = tell_holder(t->run, event);
		t->out->zh = xasprintf("永远等待%s%s", what.zh, holder.zh);
		t->out->en = xasprintf(
			"waits for ever for %s%s", what.en, holder.en);
		break;
	default:
		break;
	}
	bilingual_release(&what);
	bilingual_release(&holder);
}

/* What the grader did, behind "the grader interferes: "; %s is the call. */
static const struct {
	const char *object;
	const char *zh, *en;
} FAULT_TEXTS[] = {
	{"kill", "用 SIGKILL 杀死它（正在 %s）", "SIGKILL (in %s)"},
	{"eintr", "%s 被信号打断，返回 EINTR",
		"%s is interrupted by a signal (EINTR)"},
	{"short-read", "%s 只读到一部分", "%s gets only a part"},
	{"short-write", "%s 只写了一部分", "%s writes only a part"},
	{"fork-eagain", "%s 失败，返回 EAGAIN", "%s fails with EAGAIN"},
	{"slow", "%s 之前让它停一会儿", "held before %s"},
	{"enospc", "磁盘已满，%s 返回 ENOSPC",
		"the disk is full, %s fails with ENOSPC"},
};

/* The pattern with CALL for its %s. */
static char *with_call(const char *pattern, const char *call)
{
	const char *at = strstr(pattern, "%s");

	return xasprintf(
		"%.*s%s%s", (int)(at - pattern), pattern, call, at + 2);
}

/* What the grader does that is no interference: from outside, as people do. */
static bool tell_outside(struct teller *t)
{
	const struct event *event = t->event;
	const char *name = event->signal ? sigabbrev_np(event->signal) : "";

	if (!strcmp(t->object, "look") && event->task < 0) {
		t->out->zh = xstrdup("评分器查看：没有活着的进程");
		t->out->en = xstrdup("the grader looks: no process is alive");
	} else if (!strcmp(t->object, "look")) {
		t->out->zh = xstrdup("评分器查看这个进程和文件夹");
		t->out->en = xstrdup(
			"the grader looks at this process and the folder");
	} else if (!strcmp(t->object, "signal") && event->task < 0) {
		t->out->zh =
			xasprintf("评分器要发 SIG%s，但没有活着的进程", name);
		t->out->en = xasprintf(
			"the grader has SIG%s for it, but no process is alive",
			name);
	} else if (!strcmp(t->object, "signal")) {
		t->out->zh = xasprintf("评分器向它发送 SIG%s", name);
		t->out->en = xasprintf("the grader sends it SIG%s", name);
	} else {
		return false;
	}
	return true;
}

/* "session", "folder", "umask", "descriptors", "output", "file NAME". */
static void tell_state(struct teller *t)
{
	static const char *const names[][3] = {
		{"session", "会话", "session"},
		{"folder", "工作目录", "folder"},
		{"umask", "umask", "umask"},
		{"descriptors", "标准描述符", "descriptors"},
		{"output", "拿着标准输出的管道，描述符",
			"holds the pipe of standard output, descriptor"},
	};
	const char *zh = t->object, *en = t->object;

	if (!strncmp(t->object, "file ", 5)) {
		t->out->zh = xasprintf(
			"文件 %s 的内容：“%s”", t->object + 5, t->text);
		t->out->en = xasprintf(
			"the file %s holds '%s'", t->object + 5, t->text);
		return;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i][0], t->object) != 0)
			continue;
		zh = names[i][1];
		en = names[i][2];
	}
	t->out->zh = xasprintf("%s：%s", zh, t->text);
	t->out->en = xasprintf("%s: %s", en, t->text);
}

static void tell_fault(struct teller *t)
{
	const char *call = t->event->call ? t->event->call : "?";
	const char *object = t->event->object ? t->event->object : "";
	auto_free char *zh = xstrdup(t->object);
	auto_free char *en = xstrdup(t->object);

	if (tell_outside(t))
		return;
	for (size_t i = 0; i < sizeof(FAULT_TEXTS) / sizeof(FAULT_TEXTS[0]);
		i++) {
		if (strcmp(FAULT_TEXTS[i].object, object) != 0)
			continue;
		free(zh);
		free(en);
		zh = with_call(FAULT_TEXTS[i].zh, call);
		en = with_call(FAULT_TEXTS[i].en, call);
	}
	t->out->zh = xasprintf("评分器的干预：%s", zh);
	t->out->en = xasprintf("the grader interferes: %s", en);
}

/* The number that stood there, where the access is one. */
static void tell_access(struct teller *t)
{
	const struct event *event = t->event;
	bool writes = event->call && strstr(event->call, "write");
	bool known = event->text && *event->text;
	const char *text = known ? event->text : "";

	if (writes) {
		t->out->zh = xasprintf(
			"写共享内存%s%s", known ? "，原来是 " : "", text);
		t->out->en = xasprintf("writes shared memory%s%s",
			known ? ", which was " : "", text);
	} else {
		t->out->zh =
			xasprintf("读共享内存%s%s", known ? "：" : "", text);
		t->out->en = xasprintf(
			"reads %s%sshared memory", text, known ? " from " : "");
	}
}

static void tell_lock_in_memory(struct teller *t)
{
	struct bilingual what = tell_object(t->event);
	bool acquires = t->event->kind == EVENT_ACQUIRE;

	t->out->zh = xasprintf("%s%s", acquires ? "得到" : "放开", what.zh);
	t->out->en =
		xasprintf("%s %s", acquires ? "gets" : "gives up", what.en);
	bilingual_release(&what);
}

static void tell_denied(struct teller *t, const char *call)
{
	if (t->event->object) {
		t->out->zh =
			xasprintf("%s %s 失败：沙箱不提供它", call, t->object);
		t->out->en =
			xasprintf("%s %s fails: the sandbox does not offer it",
				call, t->object);
		return;
	}
	t->out->zh = xasprintf("系统调用 %s 被沙箱拒绝", call);
	t->out->en = xasprintf("the sandbox refused %s", call);
}

static void tell_grader(struct teller *t)
{
	const struct event *event = t->event;
	const char *call = event->call ? event->call : "?";

	switch (event->kind) {
	case EVENT_ACCESS:
		tell_access(t);
		break;
	case EVENT_ACQUIRE:
	case EVENT_RELEASE:
		tell_lock_in_memory(t);
		break;
	case EVENT_FAULT:
		tell_fault(t);
		break;
	case EVENT_STATE:
		tell_state(t);
		break;
	case EVENT_DENIED:
		tell_denied(t, call);
		break;
	case EVENT_LIMIT:
		t->out->zh = xasprintf("超出限制：%s", t->object);
		t->out->en = xasprintf("a limit was hit: %s", t->object);
		break;
	default:
		t->out->zh = xasprintf(
			"%s %s", event_kind_name(event->kind), t->object);
		t->out->en = xstrdup(t->out->zh);
		break;
	}
}

/* What the file holds now, behind the sentence. */
static void add_after(struct teller *t)
{
	char *zh, *en;

	if (!t->after)
		return;
	zh = xasprintf("%s，文件现在是“%s”", t->out->zh, t->after);
	en = xasprintf("%s; the file now holds '%s'", t->out->en, t->after);
	free(t->out->zh);
	free(t->out->en);
	t->out->zh = zh;
	t->out->en = en;
}

void tell_event(
	const struct observed_run *run, size_t index, struct verdict_event *out)
{
	const struct event *event = &run->trace->events[index];
	struct teller teller = {
		.run = run,
		.event = event,
		.object = event->object ? event->object : "",
		.other = event->other >= 0 ? observed_name(run, event->other)
					   : "",
		.text = short_text(event->text),
		.after = event->after ? short_text(event->after) : NULL,
		.out = &out->what,
	};
	const char *place = NULL;

	memset(out, 0, sizeof(*out));
	out->seq = event->seq;
	out->time_us = event->time_us;
	out->task = event->task;
	out->who = xstrdup(
		event->task < 0 ? "grader" : observed_name(run, event->task));
	tell_life(&teller);
	if (!out->what.zh)
		tell_file(&teller);
	if (!out->what.zh)
		tell_wait(&teller);
	if (!out->what.zh)
		tell_grader(&teller);
	add_after(&teller);
	if (run->place && event->pc)
		place = run->place(run->place_context, event->pc);
	out->place = place ? xstrdup(place) : NULL;
	free(teller.text);
	free(teller.after);
}

void tell_event_release(struct verdict_event *event)
{
	free(event->who);
	bilingual_release(&event->what);
	free(event->place);
}

struct bilingual bilingual_copy(const struct bilingual *text)
{
	struct bilingual copy = {
		.zh = xstrdup(text->zh ? text->zh : ""),
		.en = xstrdup(text->en ? text->en : ""),
	};

	return copy;
}

void bilingual_release(struct bilingual *text)
{
	free(text->zh);
	free(text->en);
	text->zh = NULL;
	text->en = NULL;
}
