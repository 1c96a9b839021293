/*
 * The recognisers, on traces made by hand: each mistake is named when it is
 * there, and nothing is named when one step of it is missing.
 */
#include "grader/explain/explain.h"
#include <fcntl.h>
#include <signal.h>

#include "synthetic.h"

#define OVERLAP "{'rule':'never-overlap','file':'db'}"
#define ENDS "{'rule':'ends'}"
#define SAME "{'rule':'same-output','observations':['made','ate']}"
#define PIPE ",'stdout':'pipe'"
#define THREE "{'count': 3}"
#define TWO "{'count': 2}"
#define ONE "{'count': 1}"

/* JSON with " for ', in a store that lives as long as the test. */
static const char *json(const char *text)
{
	static char store[64][32];
	static size_t next;
	char *copy = store[next++ % 64];

	strncpy(copy, text, 31);
	double_quotes(copy);
	return copy;
}

static void add_read(
	struct synthetic *s, int task, int64_t at_us, const char *text)
{
	add_event(s, EVENT_READ, task, at_us, "db", json(text));
}

static void add_write(
	struct synthetic *s, int task, int64_t at_us, const char *text)
{
	add_change(s, task, at_us, json(text));
}

static void add_call(struct synthetic *s, enum event_kind kind, int task,
	int64_t at_us, const char *object, const char *call)
{
	add_event(s, kind, task, at_us, object, NULL);
	last_event(s)->call = call;
}

static void add_open(struct synthetic *s, int task, int64_t at_us,
	const char *object, int flags)
{
	add_call(s, EVENT_OPEN, task, at_us, object, "openat");
	last_event(s)->value = flags;
}

static void add_waiter(struct synthetic *s, int task, int64_t at_us,
	const char *object, int other, const char *call)
{
	add_call(s, EVENT_DEADLOCK, task, at_us, object, call);
	last_event(s)->other = other;
	s->outcome.end = RUN_END_DEADLOCK;
}

/*
 * The cause that the finding of the run gets: "" when none is recognised, "-"
 * when the rule holds.  Releases all.
 */
static const char *cause_in(struct synthetic *s, size_t scenario)
{
	const struct rule *rule = &s->exercise->criteria[0].rules[0];
	struct explanation found = {0};
	const char *cause = "-";

	s->run = (struct observed_run){
		.exercise = s->exercise,
		.scenario = &s->exercise->scenarios[scenario],
		.outcome = &s->outcome,
		.trace = &s->outcome.trace,
	};
	observe_run(&s->run);
	rule_judge(rule, &s->run, &s->memory, &s->result);
	if (s->result.state == RULE_FAILS) {
		cause = "";
		if (explain(&s->run, rule, &s->memory, &s->result, &found)) {
			cause = found.cause;
			cr_expect(*found.story.zh && *found.story.en);
			cr_expect(*found.remedy.zh && *found.remedy.en);
			cr_expect_null(strstr(found.story.en, "(null)"));
		}
	}
	explanation_release(&found);
	observed_run_release(&s->run);
	synthetic_release(s);
	return cause;
}

static const char *cause_of(struct synthetic *s)
{
	return cause_in(s, 0);
}

/* Main and two children. */
static struct synthetic two_children(const char *scenario, const char *rule)
{
	struct synthetic s = synthetic_new(scenario, rule);

	add_task(&s, 0, false, 0);
	add_task(&s, 0, false, 0);
	return s;
}

/* Both read 3, then both write 2. */
static void both_update(struct synthetic *s)
{
	add_read(s, 1, SECOND, THREE);
	add_read(s, 2, SECOND, THREE);
	add_write(s, 1, 2 * SECOND, TWO);
	add_write(s, 2, 2 * SECOND, TWO);
}

Test(explain, both_read_the_same_before_either_wrote)
{
	struct synthetic s = two_children("", OVERLAP);

	both_update(&s);
	cr_expect_str_eq(cause_of(&s), "lost-update");
}

Test(explain, no_update_is_lost_when_they_read_different_values)
{
	struct synthetic s = two_children("", OVERLAP);

	add_read(&s, 1, SECOND, THREE);
	add_write(&s, 1, 2 * SECOND, TWO);
	add_read(&s, 2, 2 * SECOND, TWO);
	add_write(&s, 1, 3 * SECOND, ONE);
	add_write(&s, 2, 3 * SECOND, ONE);
	cr_expect_str_neq(cause_of(&s), "lost-update");
}

Test(explain, updates_one_after_the_other_are_right)
{
	struct synthetic s = two_children("", OVERLAP);

	add_read(&s, 1, SECOND, THREE);
	add_write(&s, 1, 2 * SECOND, TWO);
	add_read(&s, 2, 2 * SECOND, TWO);
	add_write(&s, 2, 3 * SECOND, ONE);
	cr_expect_str_eq(cause_of(&s), "-");
}

/* OPENER opens the lock file; both children lock it before they read. */
static struct synthetic two_locks(int opener, const char *call)
{
	struct synthetic s = synthetic_new("", OVERLAP);

	if (opener == 0)
		add_open(&s, 0, 0, "lock", O_RDWR);
	add_task(&s, 0, false, 0);
	add_task(&s, 0, false, 0);
	for (int task = 1; task <= 2; task++) {
		if (opener != 0)
			add_open(&s, task, 0, "lock", O_RDWR);
		add_call(&s, EVENT_LOCK, task, SECOND, "lock", call);
	}
	both_update(&s);
	return s;
}

Test(explain, a_flock_inherited_by_both)
{
	struct synthetic s = two_locks(0, "flock");

	cr_expect_str_eq(cause_of(&s), "flock-inherited");
}

Test(explain, a_flock_that_each_opened_is_not_inherited)
{
	struct synthetic s = two_locks(1, "flock");

	cr_expect_str_eq(cause_of(&s), "lost-update");
}

Test(explain, a_fcntl_lock_is_never_inherited)
{
	struct synthetic s = two_locks(0, "fcntl");

	cr_expect_str_eq(cause_of(&s), "lost-update");
}

static struct synthetic replaced(bool unlinked)
{
	struct synthetic s = two_children("", OVERLAP);

	add_open(&s, 1, 0, "lock", O_RDWR);
	add_call(&s, EVENT_LOCK, 1, 0, "lock", "flock");
	if (unlinked)
		add_event(&s, EVENT_UNLINK, 0, 0, "lock", NULL);
	add_open(&s, 2, 0, "lock", O_RDWR);
	add_call(&s, EVENT_LOCK, 2, 0, "lock", "flock");
	both_update(&s);
	return s;
}

Test(explain, a_lock_file_that_was_replaced)
{
	struct synthetic s = replaced(true), same = replaced(false);

	cr_expect_str_eq(cause_of(&s), "lock-file-replaced");
	cr_expect_str_neq(cause_of(&same), "lock-file-replaced");
}

/* The first child's lock goes with a close, after another open or not. */
static struct synthetic dropped(bool opened_again, const char *call)
{
	struct synthetic s = two_children("", OVERLAP);

	add_open(&s, 1, 0, "db", O_RDWR);
	add_call(&s, EVENT_LOCK, 1, 0, "db", call);
	if (opened_again)
		add_open(&s, 1, SECOND, "db", O_RDONLY);
	add_read(&s, 1, SECOND, THREE);
	add_event(&s, EVENT_CLOSE, 1, SECOND, "db", NULL);
	add_call(&s, EVENT_UNLOCK, 1, SECOND, "db", "close");
	add_read(&s, 2, SECOND, THREE);
	add_write(&s, 1, 2 * SECOND, TWO);
	add_write(&s, 2, 2 * SECOND, TWO);
	return s;
}

Test(explain, a_fcntl_lock_dropped_by_a_close)
{
	struct synthetic s = dropped(true, "fcntl");
	struct synthetic own = dropped(false, "fcntl");
	struct synthetic flock = dropped(true, "flock");

	cr_expect_str_eq(cause_of(&s), "lock-dropped-by-close");
	cr_expect_str_eq(cause_of(&own), "unlock-before-write");
	cr_expect_str_eq(cause_of(&flock), "unlock-before-write");
}

Test(explain, a_lock_that_came_after_the_read)
{
	struct synthetic s = two_children("", OVERLAP);

	add_read(&s, 1, SECOND, THREE);
	add_read(&s, 2, SECOND, THREE);
	add_call(&s, EVENT_LOCK, 1, SECOND, "lock", "flock");
	add_write(&s, 1, 2 * SECOND, TWO);
	add_call(&s, EVENT_UNLOCK, 1, 2 * SECOND, "lock", "flock");
	add_call(&s, EVENT_LOCK, 2, 2 * SECOND, "lock", "flock");
	add_write(&s, 2, 2 * SECOND, TWO);
	cr_expect_str_eq(cause_of(&s), "read-outside-lock");
}

static struct synthetic lock_by_file(int flags)
{
	struct synthetic s = two_children("", OVERLAP);

	for (int task = 1; task <= 2; task++)
		add_open(&s, task, SECOND, "flag", flags);
	both_update(&s);
	for (int task = 1; task <= 2; task++)
		add_event(&s, EVENT_UNLINK, task, 3 * SECOND, "flag", NULL);
	return s;
}

Test(explain, a_lock_file_made_without_excl)
{
	struct synthetic s = lock_by_file(O_CREAT | O_WRONLY);
	struct synthetic excl = lock_by_file(O_CREAT | O_EXCL | O_WRONLY);

	cr_expect_str_eq(cause_of(&s), "check-then-act");
	cr_expect_str_eq(cause_of(&excl), "lost-update");
}

/* Looks at FIRST without the lock, reads SECOND_READ under it, writes. */
static struct synthetic decided_before(const char *first, const char *under)
{
	struct synthetic s = two_children("",
		"{'rule':'file-steps','file':'db','value':'count',"
		"'start':'count','observation':'sold'}");

	add_read(&s, 1, 0, first);
	add_call(&s, EVENT_LOCK, 1, SECOND, "lock", "flock");
	add_read(&s, 1, SECOND, under);
	add_write(&s, 1, 2 * SECOND, "{'count': -1}");
	return s;
}

Test(explain, a_decision_that_was_not_taken_again)
{
	struct synthetic s = decided_before(ONE, "{'count': 0}");
	struct synthetic never = decided_before("{'count': 0}", "{'count': 0}");

	cr_expect_str_eq(cause_of(&s), "check-then-act");
	cr_expect_str_eq(cause_of(&never), "");
}

Test(explain, shared_memory_loses_updates_too)
{
	struct synthetic s = two_children(
		"", "{'rule':'count','observations':['sold'],'min':0,'max':0}");

	add_line(&s, 1, 0, "0sold");
	for (int i = 0; i < 4; i++) {
		add_event(&s, EVENT_ACCESS, 1 + i % 2, SECOND, "shm:1", NULL);
		last_event(&s)->value = 4;
		last_event(&s)->call = i / 2 ? "write" : "read";
	}
	cr_expect_str_eq(cause_of(&s), "lost-update");
}

Test(explain, whoever_waits_on_a_private_futex_waits_alone)
{
	struct synthetic s = two_children("", ENDS), thread;

	add_waiter(&s, 0, SECOND, "child", 1, "wait4");
	add_waiter(&s, 1, SECOND, "private-futex:1", -1, "futex");
	cr_expect_str_eq(cause_of(&s), "semaphore-not-shared");

	thread = two_children("", ENDS);
	add_task(&thread, 1, true, 0);
	add_waiter(&thread, 1, SECOND, "private-futex:1", -1, "futex");
	add_waiter(&thread, 3, SECOND, "private-futex:2", -1, "futex");
	cr_expect_str_eq(cause_of(&thread), "deadlock");
}

Test(explain, a_circle_of_holders)
{
	struct synthetic s = two_children("", ENDS), chain;

	add_waiter(&s, 1, SECOND, "a", 2, "flock");
	add_waiter(&s, 2, SECOND, "b", 1, "flock");
	cr_expect_str_eq(cause_of(&s), "deadlock-cycle");

	chain = two_children("", ENDS);
	add_waiter(&chain, 0, SECOND, "child", 1, "wait4");
	add_waiter(&chain, 1, SECOND, "a", 2, "flock");
	add_waiter(&chain, 2, SECOND, "pipe:1", 0, "read");
	cr_expect_str_eq(cause_of(&chain), "hold-and-wait");
}

/* 1 gives the lock to 2, which ends; 3 is queued since the beginning. */
static struct synthetic kept_lock(bool given_back)
{
	struct synthetic s = two_children("", ENDS);
	int third = add_task(&s, 0, false, 0);
	int fourth = add_task(&s, 0, false, 0);

	for (int task = 1; task <= fourth; task++)
		add_call(&s, EVENT_WAIT, task, 0, "futex:1", "futex");
	add_event(&s, EVENT_SLEEP, 1, SECOND, NULL, NULL);
	add_event(&s, EVENT_POST, 1, SECOND, "futex:1", NULL);
	add_event(&s, EVENT_SLEEP, 2, 2 * SECOND, NULL, NULL);
	if (given_back)
		add_event(&s, EVENT_POST, 2, 2 * SECOND, "futex:1", NULL);
	add_exit(&s, 2, 3 * SECOND, 0, 0);
	add_waiter(&s, third, 3 * SECOND, "futex:1", -1, "futex");
	add_waiter(&s, fourth, 3 * SECOND, "futex:1", -1, "futex");
	add_waiter(&s, 1, 3 * SECOND, "signal", -1, "pause");
	return s;
}

Test(explain, a_lock_whose_holder_ended)
{
	struct synthetic s = kept_lock(false), back = kept_lock(true);

	cr_expect_str_eq(cause_of(&s), "lock-not-released");
	cr_expect_str_eq(cause_of(&back), "deadlock");
}

/* A producer puts, a consumer gets; then the latter waits. */
static struct synthetic queue(bool ended, int writer)
{
	struct synthetic s = two_children("", ENDS);

	add_event(&s, EVENT_PUT, 1, 0, "pipe:1", "x");
	add_event(&s, EVENT_GET, 2, 0, "pipe:1", "x");
	if (ended)
		add_exit(&s, 1, SECOND, 0, 0);
	else
		add_waiter(&s, 1, SECOND, "signal", -1, "pause");
	add_waiter(&s, 2, SECOND, "pipe:1", writer, "read");
	add_waiter(&s, 0, SECOND, "child", 2, "wait4");
	return s;
}

Test(explain, a_consumer_without_an_end_signal)
{
	struct synthetic s = queue(true, 0), alive = queue(false, 0);

	cr_expect_str_eq(cause_of(&s), "no-end-signal");
	cr_expect_str_eq(cause_of(&alive), "deadlock");
}

Test(explain, a_pipe_that_only_its_reader_keeps_open)
{
	struct synthetic s = queue(true, 2);

	cr_expect_str_eq(cause_of(&s), "write-end-open");
}

Test(explain, a_wait_for_what_nobody_sends)
{
	struct synthetic s = two_children("", ENDS);

	add_waiter(&s, 1, SECOND, "pipe:1", 0, "read");
	add_waiter(&s, 0, SECOND, "child", 1, "wait4");
	cr_expect_str_eq(cause_of(&s), "waits-for-nobody");
}

Test(explain, asking_again_and_again)
{
	struct synthetic s = two_children("", ENDS), limit;

	add_waiter(&s, 1, SECOND, NULL, -1, "busy-wait");
	cr_expect_str_eq(cause_of(&s), "busy-wait");

	limit = two_children("", ENDS);
	limit.outcome.end = RUN_END_LIMIT;
	limit.outcome.limit = "cpu";
	cr_expect_str_eq(cause_of(&limit), "");
}

static struct synthetic left_child(bool waited)
{
	struct synthetic s = two_children("", "{'rule':'nothing-left'}");

	for (int task = 1; waited && task <= 2; task++) {
		add_call(&s, EVENT_REAP, 0, SECOND, NULL, "wait4");
		last_event(&s)->other = task;
	}
	add_exit(&s, 0, SECOND, 0, 0);
	add_event(&s, EVENT_LEFT, 1, SECOND, NULL, NULL);
	return s;
}

Test(explain, main_that_does_not_wait)
{
	struct synthetic s = left_child(false), other = left_child(true);

	cr_expect_str_eq(cause_of(&s), "missing-wait");
	cr_expect_str_eq(cause_of(&other), "orphan");
}

Test(explain, a_child_that_nobody_reaped)
{
	struct synthetic s = two_children("", "{'rule':'reaped'}");

	add_exit(&s, 1, SECOND, 0, 0);
	add_exit(&s, 0, 2 * SECOND, 0, 0);
	add_event(&s, EVENT_ZOMBIE, 1, 2 * SECOND, NULL, NULL);
	cr_expect_str_eq(cause_of(&s), "zombie");
}

/* A child forks at the address AT; main forked at 100. */
static struct synthetic grandchild(uint64_t at)
{
	struct synthetic s = synthetic_new(
		"", "{'rule':'count','observations':['sold'],'min':1,'max':1}");

	add_task(&s, 0, false, 0);
	last_event(&s)->pc = 100;
	add_task(&s, 1, false, SECOND);
	last_event(&s)->pc = at;
	return s;
}

Test(explain, a_child_that_runs_on_in_its_parents_code)
{
	struct synthetic s = grandchild(100), helper = grandchild(200);

	cr_expect_str_eq(cause_of(&s), "child-runs-on");
	cr_expect_str_eq(cause_of(&helper), "");
}

#define ENDS_BY(how) "{'rule':'ends-by','observations':['sold'],'by':" how "}"

static struct synthetic killed_child(const char *rule, bool sent)
{
	struct synthetic s = two_children("", rule);

	add_line(&s, 1, 0, "0sold");
	if (sent) {
		add_event(&s, EVENT_SIGNAL_SENT, 0, SECOND, NULL, NULL);
		last_event(&s)->other = 1;
		last_event(&s)->signal = SIGTERM;
	}
	add_exit(&s, 1, SECOND, -1, SIGTERM);
	add_exit(&s, 0, SECOND, 0, 0);
	return s;
}

Test(explain, a_process_that_another_killed)
{
	struct synthetic s = killed_child(ENDS_BY("'exit'"), true);
	struct synthetic alone = killed_child(ENDS_BY("'exit'"), false);
	struct synthetic other =
		killed_child(ENDS_BY("'signal','number':9"), true);

	cr_expect_str_eq(cause_of(&s), "killed");
	cr_expect_str_eq(cause_of(&alone), "");
	cr_expect_str_eq(cause_of(&other), "");
}

/* The line of parent 1 comes again from its child 3. */
static struct synthetic doubled(const char *stdout_kind, bool written_before)
{
	struct synthetic s = two_children(stdout_kind,
		"{'rule':'count','observations':['sold'],'min':1,'max':1}");
	int child;

	if (written_before)
		add_line(&s, 1, 0, "0sold");
	child = add_task(&s, 1, false, 0);
	add_line(&s, child, SECOND, "0sold");
	if (!written_before)
		add_line(&s, 1, 2 * SECOND, "0sold");
	return s;
}

Test(explain, a_buffer_that_fork_copied)
{
	struct synthetic s = doubled(PIPE, false);
	struct synthetic terminal = doubled("", false);
	struct synthetic before = doubled(PIPE, true);

	cr_expect_str_eq(cause_of(&s), "output-doubled-by-fork");
	cr_expect_str_eq(cause_of(&terminal), "");
	cr_expect_str_eq(cause_of(&before), "");
}

/*
 * In the pipe nothing comes from the child, which ended by CALL, at once or
 * when it had worked.
 */
static struct synthetic lost(const char *call, int number, bool works)
{
	struct synthetic s = synthetic_new(PIPE, SAME);

	add_task(&s, 0, false, 0);
	add_line(&s, 1, 0, "amadex0");
	add_exit(&s, 1, 0, 0, 0);
	add_exit(&s, 0, 0, 0, 0);
	judge_scenario(&s, 1);
	add_task(&s, 0, false, 0);
	if (works)
		add_event(&s, EVENT_SLEEP, 1, 0, NULL, NULL);
	add_exit(&s, 1, SECOND, number ? -1 : 0, number);
	last_event(&s)->call = call;
	add_exit(&s, 0, SECOND, 0, 0);
	return s;
}

Test(explain, a_buffer_that_was_not_flushed)
{
	struct synthetic s = lost("_exit", 0, true);
	struct synthetic flushed = lost(NULL, 0, true);
	struct synthetic killed = lost(NULL, SIGKILL, true);
	struct synthetic brief = lost("_exit", 0, false);
	struct synthetic killed_early = lost(NULL, SIGKILL, false);

	cr_expect_str_eq(cause_of(&s), "output-lost-at-exit");
	cr_expect_str_eq(cause_of(&flushed), "");
	cr_expect_str_eq(cause_of(&killed), "output-lost-at-exit");
	cr_expect_str_eq(cause_of(&brief), "output-lost-at-exit");
	cr_expect_str_eq(cause_of(&killed_early), "");
}

Test(explain, every_row_of_the_table_says_what_it_is)
{
	size_t i = 0;

	for (; explain_cause(i); i++)
		cr_expect(*explain_meaning(i), "%s", explain_cause(i));
	cr_expect(i > 20);
	cr_expect_null(explain_meaning(i));
}
