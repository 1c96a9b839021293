/*
 * What a program's processes did: one event each.
 *
 * EVENT_KINDS is the one table of kinds.  A row: enum suffix, name in JSON,
 * the fields that the kind carries (letters below), meaning.  The enum, the
 * JSON reader and writer and grader-trace(5) come from it.
 *
 *	o other     another task's number (child, target, holder; -1 none)
 *	v value     a number: bytes, microseconds, count (see the meaning)
 *	s status    exit status of a process that exited by itself, else -1
 *	g signal    signal number, 0 none
 *	n object    name of what it acted on: a path, "pipe:2", "sem:1",
 *	            "futex:3", "sysv-sem:0.2", "mq:/q", "stdout", "stdin" (what
 *	            the run has on standard input, when it has any); a futex
 *	            in one process' own memory is "private-futex:1"
 *	t text      bytes written, read or printed (valid UTF-8, at most
 *	            EVENT_TEXT_MAX bytes, cut at a character)
 *	a after     whole content of a watched file after this event
 *	c call      system call or manner ("wait4", "vfork", "auto")
 *	f offset    place in the file, in bytes, of a read or write
 *
 * Every event has seq, time_us, task, kind, and pc where it is known.
 */
#ifndef TRACE_EVENT_H
#define TRACE_EVENT_H

#include <stdint.h>

#define EVENT_TEXT_MAX 4096

#define EVENT_KINDS(X)                                                         \
	X(START, "start", "n", "the program begins; object = argv joined")     \
	X(FORK, "fork", "ovc",                                                 \
		"task made other; value 1 = a thread, 2 = a process that "     \
		"works in the memory of its maker until it executes a "        \
		"program; by the engine: the program was started once more")   \
	X(EXEC, "exec", "n", "the task executed a program")                    \
	X(EXIT, "exit", "sgc",                                                 \
		"the task ended; call = _exit: by itself, without exit(), "    \
		"so that no buffer was flushed")                               \
	X(REAP, "reap", "osgc",                                                \
		"task took other's exit status; call = auto: "                 \
		"the kernel did, SIGCHLD being ignored")                       \
	X(ORPHAN, "orphan", "o", "the task's parent other ended before it")    \
	X(SIGNAL_SENT, "signal-sent", "og", "task sent a signal to other")     \
	X(SIGNAL_DELIVERED, "signal-delivered", "g",                           \
		"the signal reached the task (handler or default action)")     \
	X(OUTPUT, "output", "nvt",                                             \
		"a line was written; object stdout or "                        \
		"stderr; value 1 = ended by a newline")                        \
	X(OPEN, "open", "nvc", "object was opened; value = open(2) flags")     \
	X(CLOSE, "close", "n", "the last use of an open file by this call")    \
	X(READ, "read", "nvft", "value bytes were read from a file")           \
	X(WRITE, "write", "nvfta", "value bytes were written to a file")       \
	X(RENAME, "rename", "nta", "object was renamed to text")               \
	X(TRUNCATE, "truncate", "nva", "object was cut to value bytes")        \
	X(UNLINK, "unlink", "n", "object was removed")                         \
	X(LOCK_WAIT, "lock-wait", "noc", "a lock is held by other: blocks")    \
	X(LOCK, "lock", "nvc", "got a file lock; value 1 = shared")            \
	X(UNLOCK, "unlock", "nc", "gave a file lock up")                       \
	X(PUT, "put", "nvt", "value bytes (or one message) into a channel")    \
	X(GET, "get", "nvt",                                                   \
		"value bytes (or one message) out of it; "                     \
		"value 0 = end of file")                                       \
	X(POST, "post", "nvc",                                                 \
		"woke waiters: semaphore, futex; "                             \
		"value = how many, or the increment")                          \
	X(WAIT, "wait", "noc", "blocks on object until something happens")     \
	X(SLEEP, "sleep", "vc", "sleeps for value microseconds")               \
	X(WAKE, "wake", "nvc",                                                 \
		"goes on after wait, lock-wait or sleep; "                     \
		"value 1 = by time-out, 2 = by a signal")                      \
	X(ACCESS, "access", "nvftc",                                           \
		"touched value bytes of memory that others see; text = the "   \
		"number that was there; call = read, write, atomic-read, "     \
		"atomic-write; early-read: before the task's own last writes " \
		"had reached the others; some-read and so on once accesses "   \
		"in between are left out")                                     \
	X(ACQUIRE, "acquire", "n",                                             \
		"got a lock or semaphore in memory, or saw a condition met")   \
	X(RELEASE, "release", "n", "is about to give it back, or to signal")   \
	X(DENIED, "denied", "nvc",                                             \
		"the sandbox refused call; value = errno, "                    \
		"0 = killed for it; object = the program or file that a "      \
		"machine has and the sandbox has not")                         \
	X(UNSUPPORTED, "unsupported", "c", "the engine does not model call")   \
	X(FAULT, "fault", "nogcv",                                             \
		"the grader injected object into the task, in its call; "      \
		"value = bytes that a shortened one transfers")                \
	X(STATE, "state", "nt",                                                \
		"what the grader found as it looked (a fault of that name "    \
		"comes first): text = the task's object, which is session "    \
		"(leader, own, or first: that of a program start), folder, "   \
		"umask or descriptors (what 0, 1 and 2 are); output, by "      \
		"which "                                                       \
		"descriptors it holds standard output, a pipe; or the "        \
		"content "                                                     \
		"of \"file NAME\"")                                            \
	X(DEADLOCK, "deadlock", "noc",                                         \
		"nothing can ever run again; the task "                        \
		"waits for object, held by other (of a pipe: other keeps "     \
		"its write end open)")                                         \
	X(SPIN, "spin", "vc", "busy waiting: value calls without progress")    \
	X(LEFT, "left", "", "the task lived on when main had ended")           \
	X(ZOMBIE, "zombie", "sg", "ended, but never reaped, as main ended")    \
	X(LIMIT, "limit", "nv", "a limit was hit: object names it")

enum event_kind {
#define X(suffix, name, fields, meaning) EVENT_##suffix,
	EVENT_KINDS(X)
#undef X
		EVENT_KIND_COUNT
};

struct event {
	uint32_t seq;    /* from 0, without gaps */
	int64_t time_us; /* virtual time since the program's start */
	int task;        /* index into trace.tasks; -1 = the engine */
	enum event_kind kind;
	int other; /* -1 unless the kind has `o` */
	int64_t value;
	int64_t offset;
	int status; /* -1 unless it exited by itself */
	int signal;
	const char *object; /* NULL or owned by the trace */
	const char *text;   /* NULL or owned by the trace, UTF-8 */
	const char *after;  /* NULL or owned by the trace, UTF-8 */
	const char *call;   /* NULL or static */
	uint64_t pc;        /* address in the student's code, 0 unknown */
};

/* An event of that kind by that task, with the fields' neutral values. */
struct event event_make(enum event_kind kind, int task);

const char *event_kind_name(enum event_kind kind);    /* static */
const char *event_kind_fields(enum event_kind kind);  /* static */
const char *event_kind_meaning(enum event_kind kind); /* static */
int event_kind_by_name(const char *name);             /* -1 unknown */

#endif
