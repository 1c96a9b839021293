/*
 * The table of known mistakes.  The first row whose rule failed and whose
 * recogniser is sure tells the story, so what is special stands before what is
 * general: a lock that was lost by a close is also a lost update.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/explain/recognise.h"

struct row {
	const char *cause;
	const char *meaning;
	const char *rules; /* that fail by it, with blanks around each */
	recognise_fn *recognise;
	const char *zh, *en; /* remedy */
};

#define EXCLUSION " never-overlap file-steps final-file count "
#define BLOCKED " ends "

static const struct row ROWS[] = {
	{"flock-inherited",
		"a flock taken through a descriptor inherited by fork",
		EXCLUSION, recognise_flock_inherited,
		"每个子进程在 fork 之后自己 open "
		"锁文件，再对自己的描述符加锁。",
		"let each child open the lock file itself, after fork, and "
		"lock its own descriptor."},
	{"lock-dropped-by-close",
		"a fcntl lock dropped by closing another descriptor", EXCLUSION,
		recognise_lock_dropped,
		"锁和数据用两个不同的文件，或者从加锁到写回只用加锁的那一个"
		"描述符，中间不要打开、关闭同一个文件。",
		"use different files for the lock and the data, or only the "
		"locked descriptor from lock to write, without opening and "
		"closing the same file in between."},
	{"lock-file-replaced",
		"two locks of one name, of a file that was replaced", EXCLUSION,
		recognise_lock_replaced,
		"锁一个从不删除、从不改名的文件（程序结束时由主进程删除）。",
		"lock a file that is never removed or renamed while anybody "
		"may use it."},
	{"unlock-before-write", "the lock is given up before the write",
		EXCLUSION, recognise_unlock_early, "写回文件之后再放开锁。",
		"give the lock up after the write."},
	{"check-then-act",
		"looking and acting are two steps, not one (lock file)",
		EXCLUSION, recognise_check_then_create,
		"用 open(…, O_CREAT | O_EXCL) 一步完成“没有才创建”，失败就"
		"等一会儿再试。",
		"make the file with open(..., O_CREAT | O_EXCL), which looks "
		"and makes in one step, and try again later when it fails."},
	{"check-then-act",
		"a decision taken before the lock and not again under it",
		" file-steps final-file count ", recognise_unchecked,
		"拿到锁、重新读出之后再判断一次，不够就不要写。",
		"decide again with what was read under the lock."},
	{"read-outside-lock", "the read lies before the lock", EXCLUSION,
		recognise_read_outside,
		"先拿到锁，再重新读文件；读、改、写回都要在锁里面。",
		"get the lock first, then read the file again; read, change "
		"and write belong under the lock."},
	{"lost-update", "two read the same before either wrote", EXCLUSION,
		recognise_lost_update,
		"从读到写回要作为一个整体，用一把所有进程共用的锁保护起来。",
		"make read, change and write one whole, under a lock that all "
		"processes share."},
	{"child-runs-on", "a child runs on into its parent's code",
		" ends writer count each-once children precedes among ",
		recognise_child_runs_on,
		"子进程做完自己的事，立刻用 exit 或 _exit 结束（_exit 之前先 "
		"fflush）。",
		"end the child with exit() as soon as its part is done."},
	{"semaphore-not-shared",
		"a lock or semaphore that works in one process only", BLOCKED,
		recognise_not_shared,
		"把它放进 mmap(MAP_SHARED) 的内存里，并初始化为进程间共享"
		"（sem_init 的第二个参数为 1，或 PTHREAD_PROCESS_SHARED）。",
		"put it into memory of mmap(MAP_SHARED), set up as shared "
		"(sem_init's second argument 1, or PTHREAD_PROCESS_SHARED)."},
	{"busy-wait", "asking again and again without blocking", BLOCKED,
		recognise_busy_wait,
		"用会阻塞的等待（信号量、条件变量、管道……），并保证总有人"
		"能让条件成立。",
		"wait in a call that blocks (semaphore, condition variable, "
		"pipe), and make sure that somebody will end the wait."},
	{"deadlock-cycle", "each in a circle waits for the next", BLOCKED,
		recognise_cycle,
		"让所有进程按同一个顺序拿锁，等别人之前先放开自己占着的。",
		"take locks in the same order everywhere, and give up what "
		"you have before you wait for another."},
	{"lock-not-released", "a lock whose holder ended", BLOCKED,
		recognise_not_released,
		"每一条分支，包括提前 return 的，都要放开锁。",
		"give the lock up on every path, early returns included."},
	{"hold-and-wait", "waiting while holding what others need", BLOCKED,
		recognise_hold_and_wait,
		"先等到条件成立，再去拿互斥锁；不要拿着锁去等别的东西。",
		"wait for the condition first, then take the mutex; do not "
		"wait for anything else while you hold it."},
	{"write-end-open", "only its readers keep a pipe open", BLOCKED,
		recognise_write_end,
		"fork 之后马上关掉自己不用的那一端，读的一方一定要关掉写端。",
		"close the end you do not use right after fork; a reader must "
		"close the write end."},
	{"no-end-signal", "a consumer waits and all producers have ended",
		BLOCKED, recognise_no_end_signal,
		"所有东西都放完以后，给每一个还在等的进程各留一个结束信号。",
		"when all has been put in, leave one end signal for each "
		"process that may still wait."},
	{"waits-for-nobody", "a wait for what nobody ever sends", BLOCKED,
		recognise_nobody_left,
		"检查两边用的是不是同一个对象，以及该送的一方有没有真的送。",
		"see whether both sides use the same object, and whether the "
		"sender really sends."},
	{"deadlock", "nobody can go on; the wait-for graph in words", BLOCKED,
		recognise_deadlock,
		"从上面任何一个等待看起：谁应当让它醒来，那个进程又停在哪里？",
		"take any of these waits: who should end it, and where does "
		"that process stand?"},
	{"missing-wait", "main ends without waiting for its children",
		" nothing-left ", recognise_missing_wait,
		"每个子进程都要等到：在循环里调用 wait，直到它返回 -1"
		"（ECHILD）。",
		"wait for every child: call wait in a loop until it returns "
		"-1 (ECHILD)."},
	{"orphan", "a child lives on when main has ended", " nothing-left ",
		recognise_orphan,
		"不要靠子进程自己猜时间；让内核或者一根管道告诉它父进程已经"
		"结束，并想到父进程可能在它准备好之前就死了。",
		"let the kernel or a pipe tell the child that its parent has "
		"ended, and think of a parent that dies before the child is "
		"ready."},
	{"zombie", "a child that ended and was never waited for", " reaped ",
		recognise_zombie, "对每个子进程调用一次 wait 或 waitpid。",
		"call wait or waitpid once for each child."},
	{"killed", "a process killed while it still had work",
		" ends-by children ends-with-main ends-after ",
		recognise_killed,
		"用一个结束信号让它做完手里的事再自己退出，不要杀它。",
		"tell it to end and let it finish by itself; do not kill it."},
	{"output-doubled-by-fork", "a buffer copied by fork",
		" same-output each-once count writer ", recognise_doubled,
		"fork 之前先 fflush(stdout)。",
		"call fflush(stdout) before "
		"fork."},
	{"output-lost-at-exit", "a buffer lost at the end of a process",
		" same-output ", recognise_lost_output,
		"每打印一行就 fflush(stdout)，或者用 exit 而不是 _exit 结束。",
		"call fflush(stdout) after each line, or end with exit() and "
		"not with _exit()."},
};

#define ROW_COUNT (sizeof(ROWS) / sizeof(ROWS[0]))

static bool is_listed(const struct row *row, const char *rule)
{
	size_t length = strlen(rule);
	const char *at = row->rules;

	while ((at = strstr(at, rule)) != NULL) {
		if (at[-1] == ' ' && at[length] == ' ')
			return true;
		at++;
	}
	return false;
}

static char *trimmed(const struct buf *text)
{
	size_t length = text->length;

	while (length > 0 && text->data[length - 1] == ' ')
		length--;
	return xstrndup(buf_text(text), length);
}

bool explain(const struct observed_run *run, const struct rule *rule,
	const struct rule_memory *memory, const struct rule_result *result,
	struct explanation *out)
{
	const struct symptom symptom = {run, rule, memory, result};
	struct story story = {.run = run};
	bool found = false;

	for (size_t i = 0; i < ROW_COUNT && !found; i++) {
		if (!is_listed(&ROWS[i], rule->kind->name))
			continue;
		story_clear(&story);
		found = ROWS[i].recognise(&symptom, &story);
		if (!found)
			continue;
		out->cause = ROWS[i].cause;
		out->story.zh = trimmed(&story.zh);
		out->story.en = trimmed(&story.en);
		out->remedy.zh = xstrdup(ROWS[i].zh);
		out->remedy.en = xstrdup(ROWS[i].en);
	}
	story_release(&story);
	return found;
}

void explanation_release(struct explanation *explanation)
{
	free(explanation->story.zh);
	free(explanation->story.en);
	free(explanation->remedy.zh);
	free(explanation->remedy.en);
	memset(explanation, 0, sizeof(*explanation));
}

const char *explain_cause(size_t index)
{
	return index < ROW_COUNT ? ROWS[index].cause : NULL;
}

const char *explain_meaning(size_t index)
{
	return index < ROW_COUNT ? ROWS[index].meaning : NULL;
}
