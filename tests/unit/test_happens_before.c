#include <criterion/criterion.h>
#include <string.h>

#include "trace/happens_before.h"

/* A trace that is written down an event a call. */
static struct trace trace;
static struct happens_before *order;

static void begin(int tasks)
{
	memset(&trace, 0, sizeof(trace));
	trace_add_task(&trace, -1, false, 2, 0);
	while (--tasks > 0)
		trace_add_task(&trace, 0, false, 100, 0);
}

static size_t add(struct event event)
{
	return trace_append(&trace, &event)->seq;
}

static size_t act(int task)
{
	return add(event_make(EVENT_OUTPUT, task));
}

static size_t with_other(enum event_kind kind, int task, int other)
{
	struct event event = event_make(kind, task);

	event.other = other;
	return add(event);
}

static size_t on(
	enum event_kind kind, int task, const char *object, int64_t value)
{
	struct event event = event_make(kind, task);

	event.object = object;
	event.value = value;
	return add(event);
}

static size_t message(enum event_kind kind, int task, const char *text)
{
	struct event event = event_make(kind, task);

	event.object = "mq:/q";
	event.value = 1;
	event.text = text;
	return add(event);
}

static size_t sig(enum event_kind kind, int task, int other, int number)
{
	struct event event = event_make(kind, task);

	event.other = other;
	event.signal = number;
	return add(event);
}

static void compute(void)
{
	order = happens_before_new(&trace, HAPPENS_FILES_IGNORED);
}

static void end(void)
{
	happens_before_free(order);
	trace_release(&trace);
}

#define ORDERED(a, b)                                                          \
	do {                                                                   \
		cr_assert(happens_before(order, a, b));                        \
		cr_assert_not(happens_before(order, b, a));                    \
		cr_assert_not(happens_concurrently(order, a, b));              \
	} while (0)
#define CONCURRENT(a, b) cr_assert(happens_concurrently(order, a, b))

Test(happens_before, a_task_is_ordered_in_itself, .fini = end)
{
	size_t a, b;

	begin(1);
	a = act(0);
	b = act(0);
	compute();
	ORDERED(a, b);
	cr_assert_not(happens_before(order, a, a));
	cr_assert_not(happens_concurrently(order, a, a));
}

Test(happens_before, an_empty_trace_has_an_order, .fini = end)
{
	memset(&trace, 0, sizeof(trace));
	compute();
	cr_assert_not_null(order);
}

Test(happens_before, fork_and_reap_order_parent_and_child, .fini = end)
{
	size_t before, child, during, other, after;

	begin(3);
	before = act(0);
	with_other(EVENT_FORK, 0, 1);
	with_other(EVENT_FORK, 0, 2);
	child = act(1);
	during = act(0);
	other = act(2);
	add(event_make(EVENT_EXIT, 1));
	with_other(EVENT_REAP, 0, 1);
	after = act(0);
	compute();
	ORDERED(before, child);
	CONCURRENT(child, during);
	CONCURRENT(child, other);
	ORDERED(child, after);
	CONCURRENT(other, after);
}

Test(happens_before, a_vfork_parent_goes_on_after_exec, .fini = end)
{
	struct event fork = event_make(EVENT_FORK, 0);
	size_t child, late, parent;

	begin(2);
	fork.other = 1;
	fork.call = "vfork";
	add(fork);
	child = act(1);
	add(event_make(EVENT_EXEC, 1));
	late = act(1);
	parent = act(0);
	compute();
	ORDERED(child, parent);
	CONCURRENT(late, parent);
}

Test(happens_before, an_unlock_comes_before_the_next_lock, .fini = end)
{
	size_t a, b, c;

	begin(4);
	on(EVENT_LOCK, 1, "lock", 0);
	a = act(1);
	on(EVENT_UNLOCK, 1, "lock", 0);
	on(EVENT_LOCK, 2, "lock", 0);
	b = act(2);
	on(EVENT_LOCK, 3, "other", 0);
	c = act(3);
	compute();
	ORDERED(a, b);
	CONCURRENT(a, c);
	CONCURRENT(b, c);
}

Test(happens_before, shared_locks_are_not_ordered, .fini = end)
{
	size_t a, b, c;

	begin(4);
	on(EVENT_LOCK, 1, "lock", 1);
	a = act(1);
	on(EVENT_UNLOCK, 1, "lock", 0);
	on(EVENT_LOCK, 2, "lock", 1);
	b = act(2);
	on(EVENT_UNLOCK, 2, "lock", 0);
	on(EVENT_LOCK, 3, "lock", 0);
	c = act(3);
	compute();
	CONCURRENT(a, b);
	ORDERED(a, c);
	ORDERED(b, c);
}

Test(happens_before, the_end_of_a_process_gives_its_locks_up, .fini = end)
{
	size_t a, b;

	begin(3);
	on(EVENT_LOCK, 1, "lock", 0);
	a = act(1);
	add(event_make(EVENT_EXIT, 1));
	on(EVENT_LOCK, 2, "lock", 0);
	b = act(2);
	compute();
	ORDERED(a, b);
}

Test(happens_before, a_get_comes_after_the_puts_of_its_bytes, .fini = end)
{
	size_t first, second, third, a, b;

	begin(6);
	first = on(EVENT_PUT, 1, "pipe:1", 4);
	second = on(EVENT_PUT, 2, "pipe:1", 4);
	third = on(EVENT_PUT, 3, "pipe:1", 4);
	a = on(EVENT_GET, 4, "pipe:1", 6);
	b = on(EVENT_GET, 5, "pipe:1", 2);
	compute();
	ORDERED(first, a);
	ORDERED(second, a);
	CONCURRENT(third, a);
	CONCURRENT(first, b);
	ORDERED(second, b);
	CONCURRENT(third, b);
}

Test(happens_before, end_of_file_comes_after_all_puts_and_closes, .fini = end)
{
	size_t put, close, get;

	begin(4);
	put = on(EVENT_PUT, 1, "pipe:1", 4);
	on(EVENT_GET, 3, "pipe:1", 4);
	close = on(EVENT_CLOSE, 2, "pipe:1", 0);
	get = on(EVENT_GET, 0, "pipe:1", 0);
	compute();
	ORDERED(put, get);
	ORDERED(close, get);
}

Test(happens_before, a_put_that_waited_comes_after_the_get, .fini = end)
{
	size_t get, free_put, held_put;

	begin(4);
	on(EVENT_PUT, 1, "pipe:1", 4);
	get = on(EVENT_GET, 2, "pipe:1", 4);
	free_put = on(EVENT_PUT, 1, "pipe:1", 4);
	on(EVENT_WAKE, 3, "pipe:1", 0);
	held_put = on(EVENT_PUT, 3, "pipe:1", 4);
	compute();
	CONCURRENT(get, free_put);
	ORDERED(get, held_put);
}

Test(happens_before, messages_are_matched_by_text_then_by_age, .fini = end)
{
	size_t low, high, same, first, second;

	begin(6);
	low = message(EVENT_PUT, 1, "low");
	high = message(EVENT_PUT, 2, "high");
	same = message(EVENT_PUT, 3, "low");
	first = message(EVENT_GET, 4, "high");
	second = message(EVENT_GET, 5, "low");
	compute();
	ORDERED(high, first);
	CONCURRENT(low, first);
	ORDERED(low, second);
	CONCURRENT(same, second);
	CONCURRENT(high, second);
}

Test(happens_before, a_wake_comes_after_the_posts, .fini = end)
{
	size_t post, late, woken, timed_out;

	begin(5);
	post = on(EVENT_POST, 1, "sem:1", 1);
	on(EVENT_WAKE, 2, "sem:1", 0);
	woken = act(2);
	on(EVENT_WAKE, 3, "sem:1", 1);
	timed_out = act(3);
	late = on(EVENT_POST, 4, "sem:1", 1);
	compute();
	ORDERED(post, woken);
	CONCURRENT(post, timed_out);
	CONCURRENT(late, woken);
}

Test(happens_before, a_get_from_a_semaphore_comes_after_the_posts, .fini = end)
{
	size_t post, get, other;

	begin(4);
	post = on(EVENT_POST, 1, "sysv-sem:1.0", 1);
	get = on(EVENT_GET, 2, "sysv-sem:1.0", 1);
	other = on(EVENT_GET, 3, "sysv-sem:1.1", 1);
	compute();
	ORDERED(post, get);
	CONCURRENT(post, other);
}

Test(happens_before, a_signal_is_sent_before_it_is_delivered, .fini = end)
{
	size_t sent, other, got, killed;

	begin(4);
	sent = sig(EVENT_SIGNAL_SENT, 0, 1, 10);
	other = sig(EVENT_SIGNAL_SENT, 2, 1, 12);
	got = sig(EVENT_SIGNAL_DELIVERED, 1, -1, 10);
	sig(EVENT_SIGNAL_SENT, 2, 3, 9);
	killed = sig(EVENT_EXIT, 3, -1, 9);
	compute();
	ORDERED(sent, got);
	CONCURRENT(other, got);
	ORDERED(other, killed);
}

Test(happens_before, sigchld_comes_after_the_exit_of_a_child, .fini = end)
{
	size_t child, got;

	begin(2);
	child = act(1);
	add(event_make(EVENT_EXIT, 1));
	got = sig(EVENT_SIGNAL_DELIVERED, 0, -1, 17);
	compute();
	ORDERED(child, got);
}

Test(happens_before, a_death_signal_comes_after_the_end_of_the_parent,
	.fini = end)
{
	size_t last, orphan, killed;

	begin(3);
	last = act(0);
	add(event_make(EVENT_EXIT, 0));
	killed = sig(EVENT_EXIT, 1, -1, 15);
	orphan = with_other(EVENT_ORPHAN, 2, 0);
	compute();
	ORDERED(last, killed);
	ORDERED(last, orphan);
}

Test(happens_before, files_and_shared_memory_order_nothing, .fini = end)
{
	size_t write, read, touch, look;

	begin(3);
	write = on(EVENT_WRITE, 1, "db.json", 4);
	touch = on(EVENT_ACCESS, 1, "shm:1", 1);
	read = on(EVENT_READ, 2, "db.json", 4);
	look = on(EVENT_ACCESS, 2, "shm:1", 0);
	compute();
	CONCURRENT(write, read);
	CONCURRENT(touch, look);
}

Test(happens_before, locks_in_memory_and_atomics_order, .fini = end)
{
	size_t first, second, released, acquired, set, seen;

	begin(3);
	first = act(1);
	released = on(EVENT_RELEASE, 1, "futex:1", 0);
	acquired = on(EVENT_ACQUIRE, 2, "futex:1", 0);
	second = act(2);
	set = on(EVENT_ACCESS, 2, "memory:1", 4);
	trace.events[set].call = "atomic-write";
	seen = on(EVENT_ACCESS, 1, "memory:1", 4);
	trace.events[seen].call = "atomic-read";
	compute();
	ORDERED(released, acquired);
	ORDERED(first, second);
	ORDERED(set, seen);
	ORDERED(second, seen);
}

Test(happens_before, a_thread_that_ended_counts_as_joined, .fini = end)
{
	size_t thread, before, after, other;

	begin(2);
	trace_add_task(&trace, 0, true, 3, 0);
	with_other(EVENT_FORK, 0, 2);
	thread = act(2);
	before = act(0);
	with_other(EVENT_EXIT, 2, -1);
	other = act(1);
	after = act(0);
	compute();
	cr_expect(happens_before(order, thread, after));
	cr_expect(happens_concurrently(order, thread, before));
	cr_expect(happens_concurrently(order, thread, other));
}

Test(happens_before, order_passes_through_many_tasks, .fini = end)
{
	size_t first, last = 0;
	int i;

	begin(40);
	first = act(1);
	on(EVENT_UNLOCK, 1, "baton", 0);
	for (i = 2; i < 40; i++) {
		on(EVENT_LOCK, i, "baton", 0);
		last = act(i);
		on(EVENT_UNLOCK, i, "baton", 0);
	}
	compute();
	ORDERED(first, last);
}

/*
 * The clocks against the definition: the transitive closure of the edges of
 * a random trace of locks and channels.
 */
Test(happens_before, clocks_equal_the_transitive_closure, .fini = end)
{
	enum { N = 300, TASKS = 6 };
	static bool before[N][N];
	uint32_t random = 5;
	size_t i, j, k, last[TASKS], unlocks[N], puts[N];
	size_t unlock = 0, put = 0, get = 0;
	int task, choice;

	begin(TASKS);
	for (task = 0; task < TASKS; task++)
		last[task] = N;
	for (i = 0; i < N; i++) {
		random = random * 1664525 + 1013904223;
		task = (int)((random >> 10) % TASKS);
		choice = (int)((random >> 20) % 7);
		if (last[task] < N)
			before[last[task]][i] = true;
		last[task] = i;
		if (choice == 0) {
			on(EVENT_UNLOCK, task, "lock", 0);
			unlocks[unlock++] = i;
		} else if (choice == 1) {
			on(EVENT_LOCK, task, "lock", 0);
			for (j = 0; j < unlock; j++)
				before[unlocks[j]][i] = true;
		} else if (choice == 2) {
			on(EVENT_PUT, task, "pipe:1", 1);
			puts[put++] = i;
		} else if (choice == 3 && get < put) {
			on(EVENT_GET, task, "pipe:1", 1);
			before[puts[get++]][i] = true;
		} else {
			act(task);
		}
	}
	compute();
	for (k = 0; k < N; k++)
		for (i = 0; i < N; i++)
			for (j = 0; j < N; j++)
				before[i][j] |= before[i][k] && before[k][j];
	for (i = 0; i < N; i++)
		for (j = 0; j < N; j++)
			cr_assert_eq(happens_before(order, i, j), before[i][j],
				"%zu %zu", i, j);
}

Test(happens_before, clocks_count_what_came_before)
{
	size_t own, forked, did, ended, reaped;
	uint32_t clock[3];

	begin(2);
	act(0);
	forked = with_other(EVENT_FORK, 0, 1);
	did = act(1);
	own = act(0);
	ended = add(event_make(EVENT_EXIT, 1));
	reaped = with_other(EVENT_REAP, 0, 1);
	act(-1);
	order = happens_before_new(&trace, HAPPENS_FILES_IGNORED);
	cr_expect_eq(happens_width(order), 3);
	cr_expect_eq(happens_clock(order, forked, clock), 0);
	cr_expect_arr_eq(clock, ((uint32_t[]){2, 0, 0}), sizeof(clock));
	cr_expect_eq(happens_clock(order, did, clock), 1);
	cr_expect_arr_eq(clock, ((uint32_t[]){2, 1, 0}), sizeof(clock));
	happens_clock(order, own, clock);
	cr_expect_arr_eq(clock, ((uint32_t[]){3, 0, 0}), sizeof(clock));
	happens_clock(order, ended, clock);
	cr_expect_arr_eq(clock, ((uint32_t[]){2, 2, 0}), sizeof(clock));
	happens_clock(order, reaped, clock);
	cr_expect_arr_eq(clock, ((uint32_t[]){4, 2, 0}), sizeof(clock));
	cr_expect_eq(happens_clock(order, reaped + 1, clock), 2);
	cr_expect_arr_eq(clock, ((uint32_t[]){0, 0, 1}), sizeof(clock));
	happens_before_free(order);
	trace_release(&trace);
}

static size_t waits(int task, const char *object, const char *call)
{
	struct event event = event_make(EVENT_WAIT, task);

	event.object = object;
	event.call = call;
	return add(event);
}

/* Concurrent by what a trace says, and ordered where there may be more. */
static void expect_assumed(size_t earlier, size_t later, bool is_ordered)
{
	struct happens_before *assumed = happens_before_assumed(&trace);

	compute();
	CONCURRENT(earlier, later);
	cr_expect_eq(happens_before(assumed, earlier, later), is_ordered);
	cr_expect_eq(
		happens_concurrently(assumed, earlier, later), !is_ordered);
	happens_before_free(assumed);
}

Test(happens_before, an_end_of_file_may_come_after_all, .fini = end)
{
	size_t said;

	begin(2);
	with_other(EVENT_FORK, 0, 1);
	said = act(1);
	on(EVENT_GET, 0, "pipe:1", 0);
	expect_assumed(said, act(0), true);
}

Test(happens_before, what_was_put_there_is_no_end_of_file, .fini = end)
{
	size_t said;

	begin(3);
	with_other(EVENT_FORK, 0, 1);
	with_other(EVENT_FORK, 0, 2);
	on(EVENT_PUT, 2, "pipe:1", 1);
	said = act(1);
	on(EVENT_GET, 0, "pipe:1", 1);
	expect_assumed(said, act(0), false);
}

Test(happens_before, a_look_that_ends_may_have_seen_all, .fini = end)
{
	size_t said;

	begin(2);
	with_other(EVENT_FORK, 0, 1);
	waits(0, "child", "waitid");
	said = act(1);
	expect_assumed(said, act(0), true);
}

Test(happens_before, a_look_that_times_out_has_seen_nothing, .fini = end)
{
	size_t said;

	begin(2);
	with_other(EVENT_FORK, 0, 1);
	waits(0, "time", "poll");
	said = act(1);
	on(EVENT_WAKE, 0, "time", 1);
	expect_assumed(said, act(0), false);
}

Test(happens_before, a_reaped_child_is_all_that_was_waited_for, .fini = end)
{
	size_t said;

	begin(3);
	with_other(EVENT_FORK, 0, 1);
	with_other(EVENT_FORK, 0, 2);
	waits(0, "child", "wait4");
	said = act(1);
	add(event_make(EVENT_EXIT, 2));
	on(EVENT_WAKE, 0, "child", 0);
	with_other(EVENT_REAP, 0, 2);
	expect_assumed(said, act(0), false);
}

Test(happens_before, a_signal_may_be_taken_without_a_handler, .fini = end)
{
	size_t said;

	begin(2);
	with_other(EVENT_FORK, 0, 1);
	said = act(1);
	sig(EVENT_SIGNAL_SENT, 1, 0, 10);
	expect_assumed(said, act(0), true);
}

Test(happens_before, who_continues_a_process_may_have_seen_it_stop, .fini = end)
{
	size_t said;

	begin(2);
	with_other(EVENT_FORK, 0, 1);
	said = act(1);
	expect_assumed(said, sig(EVENT_SIGNAL_SENT, 0, 1, 18), true);
}
