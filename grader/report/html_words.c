/*
 * The mistakes by their names, explained for somebody who hears of them for
 * the first time.  The ids are those of grader/explain/table.c.
 */
#include <string.h>

#include "grader/report/html.h"

static const struct cause_words WORDS[] = {
	{"lost-update", "丢失更新", "A lost update",
		"“读出来、算一下、写回去”是三步。两个进程都在对方写回之前读到了"
		"同一个旧值，后写的那个就把先写的盖掉了，等于有一次修改没有发生"
		"过。",
		"Read, compute, write back are three steps. Two processes both "
		"read the same old value before the other had written, so the "
		"later write wipes out the earlier one: one change never "
		"happened."},
	{"read-outside-lock", "在锁外面读", "Read outside the lock",
		"拿到锁之前读到的值，等拿到锁时可能已经过时了。锁里写回的是"
		"旧值算出来的结果。",
		"A value that was read before the lock was got may be out of "
		"date once it is got. What is written under the lock comes "
		"from the old value."},
	{"unlock-before-write", "还没写完就放开了锁",
		"The lock was given back too early",
		"锁要一直拿到写完为止；先放开再写，别人就能插进来。",
		"The lock has to be kept until the write is done; otherwise "
		"others come in between."},
	{"check-then-act", "先看后做，中间有空隙",
		"A gap between looking and acting",
		"“看一下可不可以”和“动手做”是两步。看的时候是对的，"
		"动手时可能已经被别人改了。",
		"Looking whether one may and doing it are two steps. What was "
		"true when one looked may have changed when one acts."},
	{"flock-inherited", "fork 之前打开的锁文件，大家共用一把",
		"All share one open lock file",
		"flock 锁属于“打开的文件”。fork 之前打开，父子用的是同一个，"
		"谁也挡不住谁。",
		"A flock belongs to the open file. Opened before fork, it is "
		"the same one for all of them, and keeps nobody out."},
	{"lock-dropped-by-close", "关闭文件时把锁丢了",
		"The lock was lost by a close",
		"fcntl 锁属于进程：进程关闭这个文件的任何一个描述符，"
		"锁就没了。",
		"An fcntl lock belongs to the process: closing any descriptor "
		"of that file drops it."},
	{"lock-file-replaced", "锁文件被换掉了", "The lock file was replaced",
		"两个进程锁住的名字相同，却不是同一个文件，互相看不见。",
		"Two processes have locked the same name, but not the same "
		"file, and do not see each other."},
	{"child-runs-on", "子进程跑进了父进程的代码",
		"A child runs on into its parent's code",
		"fork 之后子进程从同一行继续往下走。它做完自己的事要 exit，"
		"否则会接着做父进程的事。",
		"After fork the child goes on at the same line. It has to "
		"exit when its work is done, or it does its parent's too."},
	{"semaphore-not-shared", "锁或信号量没有共享",
		"A lock or semaphore that is not shared",
		"fork "
		"之后各进程的普通变量各有一份。要共用，就得放在共享内存里，"
		"并且初始化成进程间共享。",
		"After fork each process has its own copy of an ordinary "
		"variable. To be shared it has to lie in shared memory and be "
		"set up for several processes."},
	{"busy-wait", "空转着等", "Waiting busily",
		"它一遍遍地问一个再也不会变的条件。",
		"It asks again and again for what can never change any more."},
	{"deadlock-cycle", "死锁：绕成了一圈", "A deadlock: a circle",
		"每个人都拿着别人要的东西，又在等别人手里的东西，谁也不会先放手"
		"。",
		"Everybody has what the next one wants, and waits for what "
		"the next one has. Nobody gives way first."},
	{"lock-not-released", "锁没有还", "A lock that was not given back",
		"拿着锁的进程结束了，锁却没有放开，后面的人永远等下去。",
		"Who had the lock ended without giving it back; the others "
		"wait for ever."},
	{"hold-and-wait", "拿着锁去等", "Waiting while holding a lock",
		"它在等别人做一件事，而别人要做那件事，先得拿到它手里的锁。",
		"It waits for others to do something, and to do it they need "
		"the lock that it has."},
	{"write-end-open", "管道的写端没有关", "An open write end of a pipe",
		"只要还有一个写端开着，读的一方就等不到“文件结束”，"
		"哪怕那个写端是它自己的。",
		"As long as one write end is open, the reader sees no end of "
		"file, even if that end is its own."},
	{"no-end-signal", "没有人通知“结束了”", "Nobody says that it is over",
		"消费者还在等下一个，但会送东西来的进程都结束了，"
		"也没有人告诉它不会再有了。",
		"It waits for one more, but all that ever sent something have "
		"ended, and nobody told it that no more will come."},
	{"waits-for-nobody", "等一个永远不会来的东西",
		"Waiting for what never comes",
		"它在等，而从来没有人往那里送过东西。",
		"It waits where nobody ever sent anything."},
	{"deadlock", "死锁：谁也走不下去", "A deadlock: nobody can go on",
		"所有进程都在等，而没有一个能让别人不再等。",
		"All wait, and none can end another's waiting."},
	{"missing-wait", "没有等子进程", "Children that are not waited for",
		"fork 之后父子各走各的。父进程不 "
		"wait，就不知道子进程做到了哪里，"
		"可能先走一步。",
		"After fork parent and child go their own ways. Without wait "
		"the parent does not know how far the child is, and may be "
		"first."},
	{"orphan", "留下了孤儿进程", "An orphan is left",
		"父进程结束不会带走子进程。没有人管它，它就继续活着。",
		"The end of a parent does not end its child. When nobody "
		"cares, it lives on."},
	{"zombie", "留下了僵尸进程", "A zombie is left",
		"结束了的子进程要由父进程 wait 一次，才会真正消失。",
		"A child that has ended is gone only when its parent has "
		"waited for it."},
	{"killed", "还没做完就被杀死了", "Killed before it was done",
		"有人给它发了信号，它还有事没做完。",
		"Somebody sent it a signal while it still had work to do."},
	{"output-doubled-by-fork", "fork 把没写出去的输出也复制了",
		"Fork copied output that was not yet written",
		"输出到管道时，printf 的内容先留在缓冲区里。这时 fork，"
		"缓冲区也复制一份，父子各写一次，就成了两遍。",
		"Into a pipe, what printf prints stays in a buffer at first. "
		"A fork then copies the buffer too, and both write it: it "
		"comes out twice."},
	{"output-lost-at-exit", "结束时丢了输出", "Output lost at the end",
		"缓冲区里的内容要在 exit 或 fflush 时才写出去；"
		"用 _exit 或被信号终止，就没有了。",
		"What is in the buffer is written by exit or fflush; by _exit "
		"or a signal it is lost."},
};

const struct cause_words *html_cause_words(const char *cause)
{
	for (size_t i = 0; cause && i < sizeof(WORDS) / sizeof(*WORDS); i++)
		if (!strcmp(WORDS[i].cause, cause))
			return &WORDS[i];
	return NULL;
}

const char *html_role_zh(enum diagram_role role)
{
	switch (role) {
	case DIAGRAM_READS:
		return "读到了旧值";
	case DIAGRAM_READS_TOO:
		return "前一个还没写回，它就读了：读到的是同一个旧值";
	case DIAGRAM_WRITES:
		return "写回自己的结果";
	case DIAGRAM_OVERWRITES:
		return "又写回一次，把前一个的修改盖掉了";
	case DIAGRAM_TAKES:
		return "拿住了圈里下一个要的东西";
	case DIAGRAM_STUCK:
		return "从此永远等在这里";
	case DIAGRAM_PLAIN:
	case DIAGRAM_EVIDENCE:
		break;
	}
	return NULL;
}

const char *html_role_en(enum diagram_role role)
{
	switch (role) {
	case DIAGRAM_READS:
		return "reads the old value";
	case DIAGRAM_READS_TOO:
		return "reads before the other has written back: the same old "
		       "value";
	case DIAGRAM_WRITES:
		return "writes its own result back";
	case DIAGRAM_OVERWRITES:
		return "writes as well, over the other's change, which is lost";
	case DIAGRAM_TAKES:
		return "takes what the next one in the circle needs";
	case DIAGRAM_STUCK:
		return "waits here for ever";
	case DIAGRAM_PLAIN:
	case DIAGRAM_EVIDENCE:
		break;
	}
	return NULL;
}
