/* futex(2) itself: what the C library uses of it, and what it does not. */
#include <linux/futex.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/syscall.h>

#include "tracee.h"

static uint32_t *words;
static int *woken;

static long futex(uint32_t *word, int operation, uint32_t value,
	const void *time, uint32_t *other, uint32_t last)
{
	return syscall(SYS_futex, word, operation, value, time, other, last);
}

static long with_count(uint32_t *word, int operation, uint32_t value,
	long count, uint32_t *other, uint32_t last)
{
	return futex(word, operation, value, (void *)count, other, last);
}

static void make_words(void)
{
	words = share(4096);
	woken = (int *)(words + 100);
}

static void wait_on(int which)
{
	if (futex(&words[which], FUTEX_WAIT, 0, NULL, NULL, 0) == 0)
		__atomic_add_fetch(&woken[which], 1, __ATOMIC_SEQ_CST);
}

/* One that gives up by itself, so that a case never hangs. */
static void wait_bits(int which, uint32_t bits, int tenths)
{
	struct timespec time = in_tenths(CLOCK_MONOTONIC, tenths);
	long result = futex(&words[which], FUTEX_WAIT_BITSET, 0, &time, NULL,
		bits);

	nap(1);
	say("bits %x: %s", bits, result == 0 ? "woken" : "not woken");
}

static void waiting(void)
{
	struct timespec time = {0, 100000000}, bad = {0, 1000000000};

	make_words();
	show("other value", futex(words, FUTEX_WAIT, 1, NULL, NULL, 0));
	show("time-out", futex(words, FUTEX_WAIT, 0, &time, NULL, 0));
	show("bad time", futex(words, FUTEX_WAIT, 0, &bad, NULL, 0));
	show("bad time, other value",
		futex(words, FUTEX_WAIT, 1, &bad, NULL, 0));
	show("not aligned", futex((void *)((char *)words + 2), FUTEX_WAIT, 0,
				    &time, NULL, 0));
	show("nowhere", futex((void *)8, FUTEX_WAIT, 0, &time, NULL, 0));
	show("wake nowhere, private",
		futex((void *)8, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0));
	show("wake nobody", futex(words, FUTEX_WAKE, 1, NULL, NULL, 0));
	show("no bits", futex(words, FUTEX_WAIT_BITSET, 0, NULL, NULL, 0));
	show("wake no bits", futex(words, FUTEX_WAKE_BITSET, 1, NULL, NULL, 0));
	show("no such operation", futex(words, 99, 0, NULL, NULL, 0));
	time = in_tenths(CLOCK_REALTIME, 2);
	show("realtime", futex(words, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME,
				 0, &time, NULL, FUTEX_BITSET_MATCH_ANY));
	time = in_tenths(CLOCK_MONOTONIC, 1);
	show("monotonic", futex(words, FUTEX_WAIT_BITSET, 0, &time, NULL, 1));
	time.tv_sec -= 5;
	show("past", futex(words, FUTEX_WAIT_BITSET, 0, &time, NULL, 1));
}

static void wait_first_bit(int tenths)
{
	nap(tenths);
	wait_bits(0, 1, 9);
}

static void wait_second_bit(int tenths)
{
	nap(tenths);
	wait_bits(0, 2, 9);
}

static void bits(void)
{
	make_words();
	start(wait_first_bit, 0);
	start(wait_second_bit, 1);
	nap(2);
	show("wake no one's bit",
		futex(words, FUTEX_WAKE_BITSET, 9, NULL, NULL, 4));
	show("wake the second",
		futex(words, FUTEX_WAKE_BITSET, 9, NULL, NULL, 6));
	nap(2);
	show("wake any", futex(words, FUTEX_WAKE, 9, NULL, NULL, 0));
	reap_all();
}

/* A wait without bits counts as one with all of them. */
static void wake_zero(void)
{
	make_words();
	for (int i = 0; i < 3; i++)
		start(wait_on, 0);
	nap(1);
	show("wake none, or one", futex(words, FUTEX_WAKE, 0, NULL, NULL, 0));
	nap(1);
	show("the rest", futex(words, FUTEX_WAKE, 9, NULL, NULL, 0));
	reap_all();
	say("woken %d", woken[0]);
}

static void requeue(void)
{
	make_words();
	for (int i = 0; i < 5; i++)
		start(wait_on, 0);
	nap(1);
	show("other value", with_count(words, FUTEX_CMP_REQUEUE, 1, 2,
				    &words[1], 7));
	show("wake 1, move 2", with_count(words, FUTEX_CMP_REQUEUE, 1, 2,
				       &words[1], 0));
	nap(1);
	say("woken %d", woken[0]);
	show("at the second", futex(&words[1], FUTEX_WAKE, 9, NULL, NULL, 0));
	nap(1);
	say("woken %d", woken[0]);
	start(wait_on, 0);
	start(wait_on, 0);
	nap(1);
	show("wake none, move all", with_count(words, FUTEX_REQUEUE, 0, 9,
					     &words[1], 0));
	show("none is left", futex(words, FUTEX_WAKE, 9, NULL, NULL, 0));
	show("to itself", with_count(&words[1], FUTEX_CMP_REQUEUE, 1, 9,
				  &words[1], 0));
	show("at the second", futex(&words[1], FUTEX_WAKE, 9, NULL, NULL, 0));
	reap_all();
	say("woken %d", woken[0]);
	show("negative", with_count(words, FUTEX_CMP_REQUEUE, -1, 2,
				 &words[1], 0));
}

static void wake_op(void)
{
	static const struct {
		const char *name;
		int operation;
	} operations[] = {
		{"set 5 if 3", FUTEX_OP(FUTEX_OP_SET, 5, FUTEX_OP_CMP_EQ, 3)},
		{"add 2 if not 4",
			FUTEX_OP(FUTEX_OP_ADD, 2, FUTEX_OP_CMP_NE, 4)},
		{"add -7 if > 6",
			FUTEX_OP(FUTEX_OP_ADD, -7, FUTEX_OP_CMP_GT, 6)},
		{"or 12 if >= 0", FUTEX_OP(FUTEX_OP_OR, 12, FUTEX_OP_CMP_GE, 0)},
		{"and not 8 if < 0",
			FUTEX_OP(FUTEX_OP_ANDN, 8, FUTEX_OP_CMP_LT, 0)},
		{"xor 1 << 4 if <= 100",
			FUTEX_OP((FUTEX_OP_XOR | FUTEX_OP_OPARG_SHIFT), 4,
				FUTEX_OP_CMP_LE, 100)},
		{"add -1 if > -1",
			FUTEX_OP(FUTEX_OP_ADD, -1, FUTEX_OP_CMP_GT, -1)},
		{"no such operation",
			FUTEX_OP(FUTEX_OP_XOR + 1, 1, FUTEX_OP_CMP_EQ, 0)},
		{"no such comparison",
			FUTEX_OP(FUTEX_OP_ADD, 1, FUTEX_OP_CMP_GE + 1, 0)},
	};

	make_words();
	words[1] = 3;
	for (size_t i = 0; i < COUNT(operations); i++) {
		show(operations[i].name,
			with_count(words, FUTEX_WAKE_OP, 1, 1, &words[1],
				operations[i].operation));
		say("  %d", (int)words[1]);
	}
	words[0] = words[1] = 0;
	start(wait_on, 0);
	start(wait_on, 0);
	start(wait_on, 1);
	nap(1);
	show("wake both", with_count(words, FUTEX_WAKE_OP, 1, 9, &words[1],
			      FUTEX_OP(FUTEX_OP_ADD, 1, FUTEX_OP_CMP_EQ, 0)));
	nap(1);
	say("woken %d and %d", woken[0], woken[1]);
	show("wake the first alone",
		with_count(words, FUTEX_WAKE_OP, 9, 9, &words[1],
			FUTEX_OP(FUTEX_OP_ADD, 1, FUTEX_OP_CMP_EQ, 0)));
	reap_all();
}

static uint32_t *private_word;

static void *wait_private(void *flag)
{
	long result = futex(private_word, FUTEX_WAIT | (int)(intptr_t)flag, 0,
		NULL, NULL, 0);

	nap(1);
	say("thread: %s", result == 0 ? "woken" : "not woken");
	return NULL;
}

/* The flag and its absence are two queues. */
static void private_flag(void)
{
	pthread_t thread;

	private_word = calloc(1, sizeof(*private_word));
	pthread_create(&thread, NULL, wait_private,
		(void *)(intptr_t)FUTEX_PRIVATE_FLAG);
	nap(1);
	show("shared", futex(private_word, FUTEX_WAKE, 1, NULL, NULL, 0));
	show("private",
		futex(private_word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0));
	pthread_join(thread, NULL);
	pthread_create(&thread, NULL, wait_private, NULL);
	nap(1);
	show("private",
		futex(private_word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0));
	show("shared", futex(private_word, FUTEX_WAKE, 1, NULL, NULL, 0));
	pthread_join(thread, NULL);
}

static void on_signal(int sig)
{
	say("handler %s", sigabbrev_np(sig));
}

static void signal_at(int tenths)
{
	nap(tenths);
	kill(getppid(), SIGUSR1);
}

static void interrupted(void)
{
	struct timespec time = {0, 500000000};

	make_words();
	handle(SIGUSR1, on_signal, 0);
	start(signal_at, 1);
	show("wait", futex(words, FUTEX_WAIT, 0, NULL, NULL, 0));
	reap_all();
	handle(SIGUSR1, on_signal, SA_RESTART);
	start(signal_at, 1);
	show("timed wait", futex(words, FUTEX_WAIT, 0, &time, NULL, 0));
	reap_all();
	start(signal_at, 1);
	time = in_tenths(CLOCK_MONOTONIC, 3);
	show("timed wait",
		futex(words, FUTEX_WAIT_BITSET, 0, &time, NULL, 1));
	reap_all();
}

static const struct tracee_case cases[] = {
	{"waiting", waiting},
	{"bits", bits},
	{"wake zero", wake_zero},
	{"requeue", requeue},
	{"wake and operate", wake_op},
	{"private flag", private_flag},
	{"interrupted", interrupted},
};

TRACEE_MAIN(cases)
