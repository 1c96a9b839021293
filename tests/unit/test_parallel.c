/*
 * The comparison of a truly parallel run with what schedules showed, on
 * synthetic runs.
 */
#include "grader/parallel.h"
#include "grader/tell.h"
#include "synthetic.h"

/* One run: lines, separated by '|', the file's content, main's status. */
struct shown {
	const char *lines;
	const char *file;
	int status;
};

static int64_t after_main_us; /* of the exercise */
static bool leaves;           /* a process lives on when main has ended */

static void make_run(struct synthetic *s, const struct shown *what)
{
	char *lines = xstrdup(what->lines), *rest = lines, *line;

	while ((line = strsep(&rest, "|")) != NULL)
		if (*line)
			add_line(s, 0, 0, line);
	free(lines);
	add_exit(s, 0, SECOND, what->status, 0);
	if (leaves) {
		add_task(s, 0, false, 0);
		add_event(s, EVENT_LEFT, 1, SECOND, NULL, NULL);
	}
	add_final_file(s, what->file);
	s->outcome.end = RUN_END_EXITED;
	s->run = (struct observed_run){
		.exercise = s->exercise,
		.scenario = &s->exercise->scenarios[0],
		.outcome = &s->outcome,
		.trace = &s->outcome.trace,
	};
	observe_run(&s->run);
}

static void hear(struct parallel_seen *seen, struct shown what)
{
	struct synthetic s = synthetic_new("", "{'rule':'ends'}");

	s.exercise->after_main_us = after_main_us;
	make_run(&s, &what);
	parallel_hear(seen, &s.run);
	observed_run_release(&s.run);
	synthetic_release(&s);
}

static void hear_often(struct parallel_seen *seen, struct shown what)
{
	for (int i = 0; i < PARALLEL_SCHEDULES_MIN; i++)
		hear(seen, what);
}

/* The note in English, owned; NULL when there is none. */
static char *note_about(struct parallel_seen *seen, struct shown what,
	void (*change)(struct run_outcome *))
{
	struct synthetic s = synthetic_new("", "{'rule':'ends'}");
	struct bilingual text = {0};
	char *note = NULL;

	s.exercise->after_main_us = after_main_us;
	make_run(&s, &what);
	if (change)
		change(&s.outcome);
	if (parallel_differs(seen, &s.run, &text)) {
		cr_expect(text.zh && *text.zh);
		note = xstrdup(text.en);
		bilingual_release(&text);
	}
	observed_run_release(&s.run);
	synthetic_release(&s);
	return note;
}

static void expect_none(struct parallel_seen *seen, struct shown what)
{
	auto_free char *note = note_about(seen, what, NULL);

	cr_expect_null(note, "%s", note);
}

static void expect_note(
	struct parallel_seen *seen, struct shown what, const char *part)
{
	auto_free char *note = note_about(seen, what, NULL);

	cr_assert_not_null(note, "no note of '%s'", part);
	cr_expect_not_null(strstr(note, part), "%s", note);
}

Test(parallel, the_same_run_differs_in_nothing)
{
	struct parallel_seen seen = {0};

	hear_often(&seen, (struct shown){"total 7|1sold", "{3}", 0});
	expect_none(&seen, (struct shown){"1sold|total 7", "{3}", 0});
	parallel_seen_release(&seen);
}

Test(parallel, a_number_that_no_schedule_printed_is_told)
{
	struct parallel_seen seen = {0};

	hear_often(&seen, (struct shown){"total 400000", "", 0});
	expect_note(&seen, (struct shown){"total 213402", "", 0},
		"“total 213402”; in every schedule of the grader it is "
		"“total 400000”");
	parallel_seen_release(&seen);
}

Test(parallel, a_number_that_varies_is_free)
{
	struct parallel_seen seen = {0};

	hear_often(&seen, (struct shown){"pid 3", "", 0});
	hear(&seen, (struct shown){"pid 4", "", 0});
	expect_none(&seen, (struct shown){"pid 5", "", 0});
	expect_note(&seen, (struct shown){"pid 5|pid 6", "", 0}, "are 2");
	parallel_seen_release(&seen);
}

Test(parallel, of_lines_that_are_asked_for_only_the_number_counts)
{
	struct parallel_seen seen = {0};

	hear_often(&seen, (struct shown){"1sold|2sold", "", 0});
	expect_none(&seen, (struct shown){"2sold|7sold", "", 0});
	expect_note(&seen, (struct shown){"1sold|2sold|3sold", "", 0},
		"lines like “sold”");
	expect_note(&seen, (struct shown){"", "", 0}, "are 0");
	parallel_seen_release(&seen);
}

/* A schedule may go on when main has ended; what runs in parallel does not. */
Test(parallel, what_orphans_do_is_not_compared_where_they_are_followed)
{
	const struct shown long_run = {"1sold", "{2}", 0};
	const struct shown short_run = {"", "{3}", 0};
	struct parallel_seen seen = {0}, followed = {0}, ended = {0};

	leaves = true;
	hear_often(&seen, long_run);
	expect_note(&seen, short_run, "{3}");
	after_main_us = SECOND;
	hear_often(&followed, long_run);
	expect_none(&followed, short_run);
	leaves = false;
	expect_note(&followed, short_run, "outlived main");
	/* what only the parallel run leaves behind is still told */
	hear_often(&ended, long_run);
	leaves = true;
	expect_note(&ended, short_run, "outlived main");
	parallel_seen_release(&seen);
	parallel_seen_release(&followed);
	parallel_seen_release(&ended);
}

Test(parallel, a_new_kind_of_line_is_told)
{
	struct parallel_seen seen = {0};

	hear_often(&seen, (struct shown){"1sold", "", 0});
	expect_note(&seen, (struct shown){"1sold|lost 3 tickets", "", 0},
		"“lost # tickets”");
	parallel_seen_release(&seen);
}

Test(parallel, a_file_that_all_schedules_agree_on_is_compared)
{
	struct parallel_seen seen = {0};

	hear_often(&seen, (struct shown){"", "{0}", 0});
	expect_note(&seen, (struct shown){"", "{1}", 0}, "db holds in the end");
	hear(&seen, (struct shown){"", "{2}", 0});
	expect_none(&seen, (struct shown){"", "{1}", 0});
	expect_note(&seen, (struct shown){"", "{1", 0}, "db holds in the end");
	parallel_seen_release(&seen);
}

Test(parallel, how_main_ended_is_compared_after_few_schedules_too)
{
	struct parallel_seen seen = {0};

	hear(&seen, (struct shown){"1sold", "", 0});
	expect_none(&seen, (struct shown){"2sold|3sold|new", "x", 0});
	expect_note(&seen, (struct shown){"1sold", "", 3},
		"main exited with status 3; it did so in none of the 1 ");
	hear(&seen, (struct shown){"1sold", "", 3});
	expect_none(&seen, (struct shown){"1sold", "", 3});
	parallel_seen_release(&seen);
}

static void cut_short(struct run_outcome *outcome)
{
	outcome->end = RUN_END_LIMIT;
	outcome->limit = "wall";
}

static void only_busy(struct run_outcome *outcome)
{
	outcome->end = RUN_END_LIMIT;
	outcome->limit = RUN_LIMIT_BUSY;
}

static void not_modelled(struct run_outcome *outcome)
{
	outcome->end = RUN_END_UNSUPPORTED;
	outcome->call = "timer_create";
}

static void deadlocked(struct run_outcome *outcome)
{
	outcome->end = RUN_END_DEADLOCK;
}

Test(parallel, a_run_that_was_cut_short_shows_nothing)
{
	struct shown other = {"other", "", 4};
	struct parallel_seen seen = {0};

	hear_often(&seen, (struct shown){"1sold", "", 0});
	cr_expect_null(note_about(&seen, other, cut_short));
	cr_expect_null(note_about(&seen, other, not_modelled));
	parallel_seen_release(&seen);
}

Test(parallel, who_gets_stuck_only_there_is_told)
{
	struct shown same = {"1sold", "", 0};
	struct parallel_seen seen = {0};
	auto_free char *busy = NULL, *waiting = NULL;

	hear_often(&seen, same);
	busy = note_about(&seen, same, only_busy);
	waiting = note_about(&seen, same, deadlocked);
	cr_assert_not_null(busy);
	cr_expect_not_null(strstr(busy, "got stuck"), "%s", busy);
	cr_expect_str_eq(busy, waiting);
	/* one that computes for long in the schedules too is not stuck */
	seen.cpu_us = 2000000;
	cr_expect_null(note_about(&seen, same, only_busy));
	parallel_seen_release(&seen);
}

Test(parallel, nothing_is_compared_with_schedules_that_were_cut_short)
{
	struct parallel_seen seen = {0};

	cr_expect_not(parallel_is_comparable(&seen));
	hear(&seen, (struct shown){"1sold", "", 0});
	cr_expect(parallel_is_comparable(&seen));
	seen.vague = true;
	cr_expect_not(parallel_is_comparable(&seen));
	expect_none(&seen, (struct shown){"1sold", "", 9});
	parallel_seen_release(&seen);
}
