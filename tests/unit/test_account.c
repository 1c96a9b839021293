/* The account of one run. */
#include "grader/notes.h"
#include "plain_run.h"

static struct account account_of(struct plain_run *plain)
{
	struct account account;

	account_make(&account, plain_observe(plain));
	return account;
}

static void finish(struct plain_run *plain, struct account *account)
{
	account_release(account);
	plain_release(plain);
}

static const char *note_of(const struct account *account, const char *kind)
{
	for (size_t i = 0; i < account->notes.warning_count; i++)
		if (!strcmp(account->notes.warnings[i].kind, kind))
			return account->notes.warnings[i].text.en;
	return "";
}

static bool has(const char *text, const char *part)
{
	return strstr(text, part) != NULL;
}

Test(account, a_right_program_ends_well_without_a_note)
{
	struct plain_run plain;
	struct account account;
	int child;

	plain_start(&plain);
	child = plain_fork(&plain, 0, false, 7);
	plain_exit(&plain, child, 0, 0, 0, 0);
	plain_reap(&plain, 0, child);
	plain_exit(&plain, 0, 3 * SECOND, 0, 0, 0);
	account = account_of(&plain);
	cr_expect(account.well);
	cr_expect_eq(account.problem_count, 0);
	cr_expect_eq(account.notes.warning_count, 0);
	cr_expect_eq(account.virtual_us, 3 * SECOND);
	cr_expect_eq(account.processes, 2);
	cr_expect_str_eq(account.ending.en, "ended with exit status 0");
	cr_assert_eq(account.task_count, 2);
	cr_expect_str_eq(account.tasks[1].who, "child 1");
	cr_expect_str_eq(account.tasks[1].made_at, "a.c:7");
	cr_expect_str_eq(
		account.tasks[1].fate.en, "exit 0, waited for by main");
	cr_expect(account.tasks[1].well);
	finish(&plain, &account);
}

Test(account, another_exit_status_is_not_well_and_no_problem)
{
	struct plain_run plain;
	struct account account;

	plain_start(&plain);
	plain_exit(&plain, 0, 0, 3, 0, 0);
	account = account_of(&plain);
	cr_expect_not(account.well);
	cr_expect_eq(account.problem_count, 0);
	cr_expect_str_eq(account.ending.en, "ended with exit status 3");
	finish(&plain, &account);
}

Test(account, a_crash_is_told_with_its_line)
{
	struct plain_run plain;
	struct account account;

	plain_start(&plain);
	plain_exit(&plain, 0, 0, -1, SIGSEGV, 41);
	account = account_of(&plain);
	cr_expect_not(account.well);
	cr_expect_str_eq(
		account.ending.en, "main was ended by SIGSEGV at a.c:41");
	cr_assert_eq(account.problem_count, 1);
	cr_expect(has(account.problems[0].message.en, "crashed"));
	cr_expect_str_eq(account.problems[0].events[0].place, "a.c:41");
	cr_expect_not(account.tasks[0].well);
	cr_expect_str_eq(account.tasks[0].fate_at, "a.c:41");
	finish(&plain, &account);
}

Test(account, a_crashed_child_makes_a_good_end_of_main_no_good_one)
{
	struct plain_run plain;
	struct account account;
	int child;

	plain_start(&plain);
	child = plain_fork(&plain, 0, false, 7);
	plain_exit(&plain, child, 0, -1, SIGSEGV, 9);
	plain_reap(&plain, 0, child);
	plain_exit(&plain, 0, 0, 0, 0, 0);
	account = account_of(&plain);
	cr_expect_not(account.well);
	cr_expect_eq(account.problem_count, 1);
	finish(&plain, &account);
}

static void add_deadlock(struct plain_run *plain, int task, const char *object,
	const char *call, int line)
{
	struct event event = plain_event(EVENT_DEADLOCK, task, 0);

	event.object = object;
	event.call = call;
	event.pc = (uint64_t)line;
	plain_add(plain, &event);
}

Test(account, a_deadlock_tells_who_waits_for_what_and_where)
{
	struct plain_run plain;
	struct account account;
	int child;

	plain_start(&plain);
	child = plain_fork(&plain, 0, false, 7);
	plain.outcome.end = RUN_END_DEADLOCK;
	add_deadlock(&plain, 0, "pipe:2", "read", 14);
	add_deadlock(&plain, child, "pipe:1", "read", 10);
	account = account_of(&plain);
	cr_expect_not(account.well);
	cr_expect_str_eq(account.ending.en, "deadlock: it never ends");
	cr_assert_eq(account.problem_count, 1);
	cr_expect(has(account.problems[0].message.en,
		"main waits for the pipe pipe:2, child 1 waits for the pipe "
		"pipe:1"));
	cr_expect_str_eq(account.problems[0].events[1].place, "a.c:10");
	cr_expect_str_eq(account.tasks[1].fate.en, "waits for ever");
	cr_expect_str_eq(account.tasks[1].fate_at, "a.c:10");
	finish(&plain, &account);
}

Test(account, who_only_goes_round_is_in_an_endless_loop)
{
	struct plain_run plain;
	struct account account;

	plain_start(&plain);
	plain.outcome.end = RUN_END_DEADLOCK;
	add_deadlock(&plain, 0, "busy-wait", "busy-wait", 3);
	account = account_of(&plain);
	cr_expect(has(account.ending.en, "endless loop"));
	finish(&plain, &account);
}

Test(account, orphans_and_zombies_are_noted_and_cost_nothing)
{
	struct plain_run plain;
	struct account account;
	int late, early, brief;

	plain_start(&plain);
	late = plain_fork(&plain, 0, false, 1);
	early = plain_fork(&plain, 0, false, 2);
	brief = plain_fork(&plain, late, false, 3);
	plain_exit(&plain, early, 0, 4, 0, 0);
	plain_exit(&plain, 0, 0, 0, 0, 0);
	plain_mark(&plain, EVENT_ORPHAN, brief, late);
	plain_exit(&plain, brief, 0, 0, 0, 0);
	plain_mark(&plain, EVENT_ZOMBIE, early, -1);
	plain_mark(&plain, EVENT_ORPHAN, late, 0);
	plain_mark(&plain, EVENT_LEFT, late, -1);
	account = account_of(&plain);
	cr_expect(account.well);
	cr_expect(has(note_of(&account, "left"), "child 1 still ran"));
	cr_expect_not(has(note_of(&account, "left"), "child 3"));
	cr_expect(has(note_of(&account, "zombie"), "child 2 ended"));
	cr_expect(has(note_of(&account, "orphan"), "child 3 outlived"));
	cr_expect_not(has(note_of(&account, "orphan"), "child 1"));
	/* the family's order: main, 1, its child 3, 2 */
	cr_assert_eq(account.task_count, 4);
	cr_expect_str_eq(account.tasks[2].who, "child 3");
	cr_expect_eq(account.tasks[2].depth, 2);
	cr_expect_str_eq(account.tasks[3].fate.en, "exit 4, never waited for");
	cr_expect_str_eq(account.tasks[1].fate.en, "still ran");
	finish(&plain, &account);
}

Test(account, many_names_are_cut_and_counted)
{
	struct plain_run plain;
	struct account account;

	plain_start(&plain);
	for (int i = 0; i < 9; i++)
		plain_mark(&plain, EVENT_ZOMBIE,
			plain_fork(&plain, 0, false, 1), -1);
	plain_exit(&plain, 0, 0, 0, 0, 0);
	account = account_of(&plain);
	cr_expect(has(note_of(&account, "zombie"), "child 4 and 5 more"));
	finish(&plain, &account);
}

Test(account, a_long_chain_of_forks_is_told_in_part_and_counted_whole)
{
	struct plain_run plain;
	struct account account;

	plain_start(&plain);
	for (int i = 0; i < 500; i++)
		plain_fork(&plain, i, false, 1);
	plain_fork(&plain, 0, true, 1);
	plain_exit(&plain, 0, 0, 0, 0, 0);
	account = account_of(&plain);
	cr_expect_eq(account.processes, 501);
	cr_expect_eq(account.threads, 1);
	cr_expect_eq(account.task_count, ACCOUNT_TASKS_MAX);
	finish(&plain, &account);
}

Test(account, ipc_objects_left_are_noted_files_are_not)
{
	struct plain_run plain;
	struct account account;

	plain_start(&plain);
	plain_exit(&plain, 0, 0, 0, 0, 0);
	plain.outcome.left_objects = xcalloc(1, sizeof(char *));
	plain.outcome.left_objects[0] = xstrdup("shm:/x");
	plain.outcome.left_object_count = 1;
	plain_file(&plain, "out.txt", "3\n");
	account = account_of(&plain);
	cr_expect_eq(account.notes.warning_count, 1);
	cr_expect(has(note_of(&account, "left-object"), "shm:/x"));
	finish(&plain, &account);
}

Test(account, races_of_other_schedules_are_added_once_and_nothing_else)
{
	struct account first = {0}, other = {0};

	for (int i = 0; i < 2; i++)
		note_add(&other.notes, i ? "zombie" : "race",
			(struct bilingual){
				xstrdup("甲"), xstrdup(i ? "z" : "r")});
	account_add_races(&first, &other);
	account_add_races(&first, &other);
	cr_assert_eq(first.notes.warning_count, 1);
	cr_expect_str_eq(first.notes.warnings[0].text.en, "r");
	account_release(&first);
	account_release(&other);
}

Test(account, what_the_grader_stopped_is_said_and_blamed_on_nobody)
{
	struct plain_run plain;
	struct account account;

	plain_start(&plain);
	plain.outcome.end = RUN_END_UNSUPPORTED;
	plain.outcome.call = "io_uring_setup";
	account = account_of(&plain);
	cr_expect_not(account.well);
	cr_expect_eq(account.problem_count, 0);
	cr_expect(has(account.ending.en, "does not model"));
	cr_expect(has(account.ending.en, "io_uring_setup"));
	finish(&plain, &account);
}
