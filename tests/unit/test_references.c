/*
 * Orders of a run against the references in an exercise's folder: what is
 * noted, and what is not.
 */
#include <sys/stat.h>
#include <unistd.h>

#include "grader/atomic_file.h"
#include "grader/references.h"
#include "synthetic.h"

static const char *const REFERENCE =
	"{'command':'./x','counts':[{'kind':'ate','max':1,'min':1}],"
	"'duration_us':{'max':0,'min':0},'end':{'texts':['exit 0']},"
	"'exercise':'x','files':[],'grader':'0','orders':["
	"{'first':'ate','relation':'must-precede','scope':'each',"
	"'second':'end'}],'printers':{'max':2,'min':2},'scenario':'one',"
	"'schema':'grader-reference-1','seed':'1','sequences':[],"
	"'solutions':[{'name':'right','schedules':1}]}";

static char folder[] = "/tmp/references-XXXXXX";

static void make_folder(void)
{
	auto_free char *text = xstrdup(REFERENCE);
	auto_free char *path = NULL, *inner = NULL;
	struct err err = {""};

	cr_assert(mkdtemp(folder));
	inner = xasprintf("%s/reference", folder);
	cr_assert_eq(mkdir(inner, 0777), 0);
	path = xasprintf("%s/one.json", inner);
	double_quotes(text);
	cr_assert_eq(atomic_file_write(path, text, strlen(text), &err), 0, "%s",
		err.text);
}

static void remove_folder(void)
{
	auto_free char *path = xasprintf("%s/reference/one.json", folder);
	auto_free char *inner = xasprintf("%s/reference", folder);

	unlink(path);
	rmdir(inner);
	rmdir(folder);
}

/* A guest eats, main says the end; main has reaped the guest before, or not. */
static size_t notes_of(bool reaps, bool hidden, size_t schedule)
{
	struct synthetic made = synthetic_new("", "{'rule':'reaped'}");
	struct references *references = NULL;
	struct verdict verdict = {0};
	struct err err = {""};
	size_t count;
	int guest = add_task(&made, 0, false, 0);

	made.exercise->scenarios[0].hidden = hidden;
	add_line(&made, guest, 0, "1atefish0");
	add_exit(&made, guest, 0, 0, 0);
	if (reaps) {
		add_event(&made, EVENT_REAP, 0, 0, NULL, NULL);
		last_event(&made)->other = guest;
	}
	add_line(&made, 0, 0, "end");
	made.run = (struct observed_run){
		.exercise = made.exercise,
		.scenario = &made.exercise->scenarios[0],
		.outcome = &made.outcome,
		.trace = &made.outcome.trace,
		.schedule = schedule,
	};
	observe_run(&made.run);
	cr_assert_eq(references_load(&references, made.exercise, folder, &err),
		0, "%s", err.text);
	references_note(references, &verdict, &made.run);
	references_note(references, &verdict, &made.run);
	count = verdict.warning_count;
	if (count)
		cr_expect_str_eq(verdict.warnings[0].kind, "order");
	references_free(references);
	verdict_release(&verdict);
	observed_run_release(&made.run);
	synthetic_release(&made);
	return count;
}

TestSuite(references, .init = make_folder, .fini = remove_folder);

Test(references, an_order_that_nothing_forces_is_noted_once)
{
	cr_expect_eq(notes_of(false, false, 0), 1);
}

Test(references, an_order_that_is_kept_is_not_noted)
{
	cr_expect_eq(notes_of(true, false, 0), 0);
}

Test(references, hidden_scenarios_and_later_schedules_give_no_note)
{
	cr_expect_eq(notes_of(false, true, 0), 0);
	cr_expect_eq(notes_of(false, false, 40), 0);
}

Test(references, a_broken_file_is_told_with_its_name)
{
	struct synthetic made = synthetic_new("", "{'rule':'reaped'}");
	auto_free char *path = xasprintf("%s/reference/one.json", folder);
	struct references *references = NULL;
	struct err err = {""};

	cr_assert_eq(atomic_file_write(path, "{", 1, &err), 0);
	cr_expect_lt(
		references_load(&references, made.exercise, folder, &err), 0);
	cr_expect_null(references);
	cr_expect_not_null(strstr(err.text, "one.json"), "%s", err.text);
	synthetic_release(&made);
}
