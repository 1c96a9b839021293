/* Reading exercise.json: what is right is read, what is wrong is told. */
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"
#include "grader/explore.h"
#include "synthetic.h"

/* A right exercise, in which tests replace one piece of text. */
static const char *const RIGHT =
	"{\n"
	"'id': 'x', 'title': {'zh': '甲', 'en': 'x'}, 'program': 'x',\n"
	"'patterns': [\n"
	"{'kind': 'a', 'label': 'A', 'pattern': '(?<n>[0-9]+)a',\n"
	"'who': 'W{n}', 'subject': 'n'}],\n"
	"'scenarios': [\n"
	"{'id': 'one', 'arguments': ['1', ''], 'values': {'n': 2},\n"
	"'groups': ['all'], 'stdout': 'pipe',\n"
	"'faults': [{'kind': 'kill-main', 'at': 1.5}],\n"
	"'limits': {'processes': 7}, 'schedules': 9},\n"
	"{'id': 'two', 'arguments': [], 'order_matters': false}],\n"
	"'criteria': [\n"
	"{'id': 'c', 'title': {'zh': '甲', 'en': 'c'}, 'points': 100,\n"
	"'scenarios': ['all'], 'rules': [\n"
	"{'rule': 'count', 'observations': ['a'], 'min': 1,\n"
	"'max': 'n + 1'}]},\n"
	"{'id': 'd', 'title': {'zh': '甲', 'en': 'd'}, 'points': 5,\n"
	"'extra': true, 'premise': 'c', 'scenarios': ['one', 'two'],\n"
	"'rules': [{'rule': 'ends', 'in': 'some'}]}]}\n";

static char *with(const char *from, const char *to)
{
	const char *at = strstr(RIGHT, from);
	char *text;

	cr_assert(at != NULL, "%s", from);
	text = xasprintf(
		"%.*s%s%s", (int)(at - RIGHT), RIGHT, to, at + strlen(from));
	double_quotes(text);
	return text;
}

static void expect_error(const char *from, const char *to, const char *message)
{
	auto_free char *text = with(from, to);
	struct exercise *exercise = NULL;
	struct err err = {{0}};
	int error =
		exercise_parse(&exercise, text, strlen(text), "x.json", &err);

	cr_expect_lt(error, 0, "accepted: %s", to);
	cr_expect(exercise == NULL);
	cr_expect(strstr(err.text, message) != NULL, "'%s' is not in '%s'",
		message, err.text);
}

Test(exercise, all_fields_are_read)
{
	auto_free char *text = with("'id': 'x'", "'id': 'x'");
	struct exercise *exercise = NULL;
	const struct scenario *one;
	struct err err = {{0}};

	cr_assert_eq(exercise_parse(&exercise, text, strlen(text), "x", &err),
		0, "%s", err.text);
	one = exercise_scenario(exercise, "one");
	cr_expect_str_eq(one->command, "./x 1 ''");
	cr_expect_str_eq(one->argv[2], "");
	cr_expect_null(one->argv[3]);
	cr_expect(!one->hidden);
	cr_expect_eq(one->stdout_kind, RUN_STDOUT_PIPE);
	cr_expect_eq(one->faults[0].at_us, 1500000);
	cr_expect_eq(one->limits.processes, 7);
	cr_expect_eq(one->schedules, 9);
	cr_expect(exercise->scenarios[1].early_exit);
	cr_expect_eq(exercise->criteria[0].rules[0].scenario_count, 1);
	cr_expect_eq(exercise->criteria[1].rules[0].scenario_count, 2);
	cr_expect(exercise->criteria[1].rules[0].some);
	cr_expect_eq(exercise->criteria[1].premise, 0);
	cr_expect_null(exercise_scenario(exercise, "three"));
	exercise_free(exercise);
}

Test(exercise, errors_name_file_line_and_field)
{
	expect_error("[0-9]+)a'", "[0-9]+a'",
		"x.json:4: field 'patterns[0].pattern': bad pattern");
	expect_error("'rule': 'count'", "'rule': 'cuont'",
		"x.json:15: field 'criteria[0].rules[0].rule': unknown rule "
		"'cuont'");
	expect_error(
		", 'min': 1", "", "field 'criteria[0].rules[0].min': missing");
	expect_error("'min': 1", "'mni': 1, 'min': 1",
		"x.json:15: field 'criteria[0].rules[0].mni': unknown field");
	expect_error("'n + 1'", "'m + 1'",
		"x.json:16: field 'criteria[0].rules[0].max': scenario 'one': "
		"unknown value");
}

/* In place of the first scenario's fault. */
static void with_beyond(const char *fields, struct exercise **exercise)
{
	auto_free char *text =
		with("'faults': [{'kind': 'kill-main', 'at': 1.5}],\n", fields);
	struct err err = {{0}};

	cr_assert_eq(exercise_parse(exercise, text, strlen(text), "x", &err), 0,
		"%s", err.text);
}

Test(exercise, what_is_beyond_main_is_read)
{
	struct exercise *exercise = NULL;
	const struct scenario *one;

	with_beyond("'outlives_main': true,\n"
		    "'starts': [{'at': 0}, {'at': 1.5, 'arguments': ['7']}],\n"
		    "'faults': [{'kind': 'look', 'main_ended': true,\n"
		    "'object': 'pid'}, {'kind': 'signal', 'at': 2,\n"
		    "'signal': 'TERM'}],\n",
		&exercise);
	one = exercise_scenario(exercise, "one");
	cr_expect(one->outlives_main);
	cr_expect_str_eq(one->command, "./x 1 '' & ./x 1 ''; sleep 1.5; ./x 7");
	cr_assert_eq(one->start_count, 2);
	cr_expect_null(one->starts[0].argv);
	cr_expect_eq(one->starts[1].at_us, 1500000);
	cr_expect_str_eq(one->starts[1].argv[0], "./x");
	cr_expect_str_eq(one->starts[1].argv[1], "7");
	cr_expect_null(one->starts[1].argv[2]);
	cr_expect(one->faults[0].main_ended);
	cr_expect_str_eq(one->faults[0].object, "pid");
	cr_expect_eq(one->faults[1].kind, RUN_FAULT_SIGNAL);
	cr_expect_eq(one->faults[1].signal, SIGTERM);
	exercise_free(exercise);
}

Test(exercise, mistakes_beyond_main_are_told)
{
	const char *at = "'faults': [{'kind': 'kill-main', 'at': 1.5}],";

	expect_error(at, "'starts': [{'at': 1}],",
		"field 'scenarios[0].starts': needs 'outlives_main'");
	expect_error(at,
		"'outlives_main': true, 'starts': [{'at': 1}, {'at': 0}],",
		"field 'scenarios[0].starts[1].at': earlier");
	expect_error(at, "'faults': [{'kind': 'look', 'main_ended': true}],",
		"'main_ended' needs 'outlives_main'");
	expect_error(at,
		"'faults': [{'kind': 'look', 'readable': true,"
		" 'object': 'pid'}],",
		"'readable' needs 'outlives_main'");
	expect_error(at, "'faults': [{'kind': 'look', 'readable': true}],",
		"field 'scenarios[0].faults[0].readable': needs 'object'");
	expect_error(at, "'faults': [{'kind': 'signal', 'at': 1}],",
		"field 'scenarios[0].faults[0].signal': missing");
	expect_error(at, "'faults': [{'kind': 'signal', 'signal': 'HURZ'}],",
		"no signal 'HURZ'");
	expect_error(at, "'faults': [{'kind': 'look', 'signal': 'TERM'}],",
		"fault 'look' has no such field");
}

Test(exercise, a_number_is_good_whatever_happens_in_a_run)
{
	expect_error("'n + 1'", "'n / (killed + 1)'",
		"division by what is another in each run");
	expect_error("'n + 1'", "'n / (1 - killed_wrote)'",
		"division by what is another in each run");
	expect_error("'n + 1'", "'n * 4000000000'", "too great a number");
}

Test(exercise, unknown_and_repeated_fields_are_errors)
{
	expect_error("'id': 'x',", "'id': 'x', 'idd': 'x',",
		"field 'idd': unknown field");
	expect_error("'id': 'x',", "'id': 'x', 'id': 'y',",
		"field 'id': given twice");
	expect_error("{'zh': '甲', 'en': 'c'}", "{'zh': '甲'}",
		"field 'criteria[0].title.en': missing");
	expect_error("'limits': {'processes': 7}", "'limits': {'process': 7}",
		"field 'scenarios[0].limits.process': unknown field");
}

Test(exercise, a_name_that_looks_like_a_path_is_a_name)
{
	expect_error("'id': 'x',", "'id': 'x',\n'id[': 1,",
		"x.json:3: field 'id[': unknown field");
	expect_error("'id': 'x',", "'id': 'x',\n'patterns[99999999999]': 1,",
		"x.json:3: field 'patterns[99999999999]': unknown field");
}

Test(exercise, references_must_exist)
{
	expect_error("'observations': ['a']", "'observations': ['b']",
		"no pattern makes 'b'");
	expect_error("'scenarios': ['all']", "'scenarios': ['al']",
		"no scenario or group 'al'");
	expect_error(
		"'premise': 'c'", "'premise': 'd'", "no earlier criterion 'd'");
	expect_error("'who': 'W{n}'", "'who': 'W{m}'", "no group 'm'");
	expect_error("'subject': 'n'", "'subject': 'm'", "no group 'm'");
	expect_error("'kill-main'", "'kill-mian'", "unknown fault");
	expect_error("'subject': 'n'", "'arguments': {'m': 1}", "no group 'm'");
}

static int parse_with_hidden(
	struct exercise **exercise, const char *hidden, struct err *err)
{
	auto_free char *text = with("'id'", "'id'");
	auto_free char *more = xstrdup(hidden);
	struct exercise_text main = {"x.json", text, strlen(text)};
	struct exercise_text second = {"hidden.json", more, strlen(more)};

	double_quotes(more);
	return exercise_parse_files(exercise, &main, &second, err);
}

Test(exercise, hidden_scenarios_come_from_a_file_of_their_own)
{
	struct exercise *exercise = NULL;
	struct err err = {{0}};

	cr_assert_eq(parse_with_hidden(&exercise,
			     "{'scenarios': [{'id': 'three', 'arguments': [],"
			     "'values': {'n': 1}, 'groups': ['all']}]}",
			     &err),
		0, "%s", err.text);
	cr_assert_eq(exercise->scenario_count, 3);
	cr_expect(!exercise->scenarios[1].hidden);
	cr_expect(exercise->scenarios[2].hidden);
	/* a rule of a group has those of both files */
	cr_expect_eq(exercise->criteria[0].rules[0].scenario_count, 2);
	exercise_free(exercise);
}

Test(exercise, mistakes_in_the_hidden_file_are_told_with_its_name)
{
	static const char *const wrong[][2] = {
		{"{'scenarios': []}", "is empty"},
		{"{'scenarios': [{'id': 'one', 'arguments': []}]}",
			"given twice"},
		{"{'scenario': []}", "scenario"},
		{"{", "hidden.json"},
		{"{'scenarios': [{'id': 'all', 'arguments': []}]}",
			"both a scenario and"},
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct exercise *exercise = NULL;
		struct err err = {{0}};

		cr_expect_lt(
			parse_with_hidden(&exercise, wrong[i][0], &err), 0);
		cr_expect_null(exercise);
		cr_expect_not_null(
			strstr(err.text, "hidden.json"), "%s", err.text);
		cr_expect_not_null(
			strstr(err.text, wrong[i][1]), "%s", err.text);
	}
}

Test(exercise, values_must_fit)
{
	expect_error("'subject': 'n'", "'arguments': {'n': 0}",
		"field 'patterns[0].arguments.n'");
	expect_error(
		"'subject': 'n'", "'arguments': ['n']", "an object expected");
	expect_error("'points': 100", "'points': 99", "add up to 99");
	expect_error("'points': 100", "'points': '100'", "a number expected");
	expect_error("'schedules': 9", "'schedules': 0", "not between");
	expect_error("'schedules': 9", "'schedules': 1.5", "a whole number");
	expect_error("'values'", "'hidden': true, 'values'", "hidden.json");
	expect_error("'stdout': 'pipe'", "'stdout': 'tty'", "'terminal' or");
	expect_error("'id': 'two'", "'id': 'one'", "given twice");
	expect_error("'id': 'two'", "'id': 'all'", "both a scenario and");
	expect_error("'id': 'd'", "'id': 'c'", "given twice");
	expect_error("'id': 'x'", "'id': '../x'", "small letters");
	expect_error("'in': 'some'", "'in': 'any'", "'every' or 'some'");
	expect_error("[0-9]+)a'", "[0-9]+) a'", "has a blank");
	expect_error("'rules': [{'rule': 'ends', 'in': 'some'}]", "'rules': []",
		"is empty");
}

Test(exercise, the_bytes_around_must_be_clean)
{
	expect_error("{\n'id'", "\xef\xbb\xbf{\n'id'", "x.json:1: byte order");
	expect_error("}]}]}\n", "}]}]}\nx",
		"x.json:20: not valid JSON: something stands");
	expect_error("}]}]}\n", "}]}]", "not valid JSON");
	expect_error("'甲', 'en': 'x'", "'\xff', 'en': 'x'",
		"x.json:2: not valid UTF-8");
}

Test(exercise, a_carriage_return_is_white_space)
{
	auto_free char *text = with("{\n'id'", "{\r\n'id'");
	struct exercise *exercise = NULL;
	struct err err = {{0}};

	cr_expect_eq(exercise_parse(&exercise, text, strlen(text), "x", &err),
		0, "%s", err.text);
	exercise_free(exercise);
}

Test(exercise, a_missing_file_is_named)
{
	struct exercise *exercise = NULL;
	struct err err = {{0}};

	cr_expect_lt(exercise_load(&exercise, "/nowhere", &err), 0);
	cr_expect(strstr(err.text, "/nowhere/exercise.json") != NULL);
}

static double value_of(const char *text)
{
	char count[] = "count";
	const struct expression_value values[] = {{count, 3, false}};
	char message[80] = "";
	double result = -1;

	if (expression_evaluate(
		    text, values, 1, &result, message, sizeof(message)) != 0) {
		cr_expect_neq(message[0], '\0');
		return -1;
	}
	return result;
}

Test(exercise, expressions_have_the_usual_precedence)
{
	cr_expect_float_eq(value_of("1 + 2 * count"), 7, 1e-9);
	cr_expect_float_eq(value_of("(1 + 2) * count"), 9, 1e-9);
	cr_expect_float_eq(value_of("min(count, 2) + max(0, -1)"), 2, 1e-9);
	cr_expect_float_eq(value_of("count / 2"), 1.5, 1e-9);
	cr_expect_float_eq(value_of("0.5"), 0.5, 1e-9);
}

Test(exercise, malformed_expressions_are_errors)
{
	static const char *const bad[] = {"", "1 +", "counts", "(1", "1 1",
		"min(1)", "1 / 0", "1.2.3", "*"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_float_eq(value_of(bad[i]), -1, 1e-9, "%s", bad[i]);
}

Test(exercise, seeds_differ_by_scenario_and_schedule)
{
	cr_expect_neq(explore_seed(1, 0, 1), explore_seed(1, 1, 0));
	cr_expect_neq(explore_seed(1, 0, 0), explore_seed(2, 0, 0));
	cr_expect_eq(explore_seed(7, 3, 5), explore_seed(7, 3, 5));
}

Test(exercise, only_a_scenario_without_durations_gets_early_clocks)
{
	const struct scenario usual = {.early_clock = false};
	const struct scenario timeless = {.early_clock = true};
	size_t usual_count = 0, timeless_count = 0;

	cr_expect_eq(explore_policy(&usual, 0), SCHEDULE_RUN_TO_BLOCK);
	for (size_t i = 1; i < 50; i++) {
		cr_expect_neq(explore_policy(&usual, i), SCHEDULE_RUN_TO_BLOCK);
		usual_count +=
			explore_policy(&usual, i) == SCHEDULE_EARLY_CLOCK;
		timeless_count +=
			explore_policy(&timeless, i) == SCHEDULE_EARLY_CLOCK;
	}
	cr_expect_eq(usual_count, 0);
	cr_expect_gt(timeless_count, 0);
}

#define KILL_MAIN "{'kind': 'kill-main', 'at': 1.5}"

Test(exercise, faults_are_read_with_their_fields)
{
	auto_free char *text = with(KILL_MAIN,
		"{'kind': 'short-read', 'nth': 2, 'task': 'child 3',"
		"'call': 'pread64', 'object': 'db', 'bytes': 5,"
		"'repeat': true, 'at': 0.5},"
		"{'kind': 'eintr', 'task': 'main'},"
		"{'kind': 'enospc', 'task': 'any'}, {'kind': 'fork-eagain'},"
		"{'kind': 'short-write'},"
		"{'kind': 'kill-main-at', 'sweep': true}");
	struct exercise *exercise = NULL;
	const struct scenario *one;
	struct err err = {{0}};

	cr_assert_eq(exercise_parse(&exercise, text, strlen(text), "x", &err),
		0, "%s", err.text);
	one = exercise_scenario(exercise, "one");
	cr_assert_eq(one->fault_count, 6);
	cr_expect_eq(one->faults[0].kind, RUN_FAULT_SHORT_READ);
	cr_expect_eq(one->faults[0].nth, 2);
	cr_expect_eq(one->faults[0].who, RUN_FAULT_CHILD + 3);
	cr_expect_str_eq(one->faults[0].call, "pread64");
	cr_expect_str_eq(one->faults[0].object, "db");
	cr_expect_eq(one->faults[0].bytes, 5);
	cr_expect(one->faults[0].repeat);
	cr_expect_eq(one->faults[0].at_us, 500000);
	cr_expect_eq(one->faults[1].kind, RUN_FAULT_EINTR);
	cr_expect_eq(one->faults[1].who, RUN_FAULT_MAIN);
	cr_expect_eq(one->faults[2].kind, RUN_FAULT_ENOSPC);
	cr_expect_eq(one->faults[2].who, RUN_FAULT_ANYBODY);
	cr_expect_eq(one->faults[3].kind, RUN_FAULT_FORK_EAGAIN);
	cr_expect_eq(one->faults[4].kind, RUN_FAULT_SHORT_WRITE);
	cr_expect_eq(one->faults[5].kind, RUN_FAULT_KILL_MAIN_AT);
	cr_expect(one->sweeps);
	cr_expect_eq(one->swept, 5);
	exercise_free(exercise);
}

Test(exercise, faults_with_wrong_fields_are_errors)
{
	expect_error(KILL_MAIN, "{'at': 1}",
		"field 'scenarios[0].faults[0].kind': missing");
	expect_error(KILL_MAIN, "{'kind': 'kill-main', 'bytes': 1}",
		"x.json:9: field 'scenarios[0].faults[0].bytes': "
		"fault 'kill-main' has no such field");
	expect_error(KILL_MAIN, "{'kind': 'eintr', 'repeat': true}",
		"fault 'eintr' has no such field");
	expect_error(KILL_MAIN, "{'kind': 'late-child', 'sweep': true}",
		"fault 'late-child' has no such field");
	expect_error(KILL_MAIN, "{'kind': 'eintr', 'task': 'child'}",
		"'any', 'main' or 'child N' expected");
	expect_error(KILL_MAIN, "{'kind': 'eintr', 'task': 'child 1x'}",
		"'any', 'main' or 'child N' expected");
	expect_error(KILL_MAIN, "{'kind': 'eintr', 'task': 'child -1'}",
		"'any', 'main' or 'child N' expected");
	expect_error(KILL_MAIN, "{'kind': 'eintr', 'call': 'raed'}",
		"no modelled system call 'raed'");
	expect_error(
		KILL_MAIN, "{'kind': 'short-read', 'bytes': 0}", "not between");
	expect_error(KILL_MAIN, "{'kind': 'enospc', 'nth': -1}", "not between");
	expect_error(KILL_MAIN, "{'kind': 'short-write', 'repeat': 1}",
		"true or false");
	expect_error(KILL_MAIN,
		"{'kind': 'kill-main-at', 'nth': 1, 'sweep': true}",
		"faults[0].nth': not with 'sweep'");
	expect_error(KILL_MAIN,
		"{'kind': 'eintr', 'sweep': true},"
		"{'kind': 'enospc', 'sweep': true}",
		"field 'scenarios[0].faults[1].sweep': only one fault is "
		"swept");
}

static const struct scenario plain;

static size_t place_of(size_t index, size_t chances, size_t schedules)
{
	return explore_swept_seed(1, 0, index, chances, schedules) &
	       (((size_t)1 << EXPLORE_PLACE_BITS) - 1);
}

Test(exercise, a_sweep_meets_each_chance_and_begins_again)
{
	for (size_t i = 0; i < 30; i++) {
		cr_expect_eq(place_of(i, 12, 30), i % 12);
		cr_expect_eq(explore_swept_policy(&plain, i, 12, 30) ==
				     SCHEDULE_RUN_TO_BLOCK,
			i < 12);
	}
	/* the program sees the same seed all through the first round */
	cr_expect_eq(explore_swept_seed(1, 0, 3, 12, 30) - 3,
		explore_swept_seed(1, 0, 11, 12, 30) - 11);
	cr_expect_neq(explore_swept_seed(1, 0, 12, 12, 30),
		explore_swept_seed(1, 0, 0, 12, 30));
	cr_expect_neq(explore_swept_seed(1, 0, 3, 12, 30),
		explore_swept_seed(2, 0, 3, 12, 30));
}

Test(exercise, a_sweep_of_too_many_chances_is_spread_evenly)
{
	for (size_t i = 0; i < 10; i++) {
		cr_expect_eq(place_of(i, 1000, 10), i * 100);
		cr_expect_eq(explore_swept_policy(&plain, i, 1000, 10),
			SCHEDULE_RUN_TO_BLOCK);
	}
	cr_expect_eq(place_of(9, 10, 10), 9);
	cr_expect_eq(place_of(3, 0, 10), 0);
}

/* Calls VISIT with each exercise of the source tree. */
static void each_exercise(void (*visit)(const struct exercise *exercise))
{
	glob_t found = {0};

	if (glob("exercises/*/exercise.json", 0, NULL, &found) != 0)
		cr_skip_test("not run in the root of the source tree");
	for (size_t i = 0; i < found.gl_pathc; i++) {
		auto_free char *folder = xstrdup(found.gl_pathv[i]);
		struct exercise *exercise = NULL;
		struct err err = {{0}};

		*strrchr(folder, '/') = '\0';
		cr_assert_eq(exercise_load(&exercise, folder, &err), 0, "%s",
			err.text);
		visit(exercise);
		exercise_free(exercise);
	}
	globfree(&found);
}

static bool is_covered(const struct exercise *exercise, size_t scenario)
{
	for (size_t i = 0; i < exercise->criterion_count; i++) {
		const struct criterion_spec *spec = &exercise->criteria[i];

		for (size_t j = 0; j < spec->rule_count; j++) {
			const struct rule *rule = &spec->rules[j];

			if (strcmp(rule->kind->name, "ends") != 0)
				continue;
			for (size_t k = 0; k < rule->scenario_count; k++)
				if (rule->scenarios[k] == scenario)
					return true;
		}
	}
	return false;
}

static bool kills_main(const struct scenario *scenario)
{
	return scenario->fault_count > 0 &&
	       (scenario->faults[0].kind == RUN_FAULT_KILL_MAIN ||
		       scenario->faults[0].kind == RUN_FAULT_KILL_MAIN_AT);
}

static void expect_covered(const struct exercise *exercise)
{
	for (size_t i = 0; i < exercise->scenario_count; i++)
		cr_expect(is_covered(exercise, i) ||
				  kills_main(&exercise->scenarios[i]),
			"%s: nobody looks whether scenario '%s' ends",
			exercise->id, exercise->scenarios[i].id);
}

Test(exercise, every_scenario_has_a_rule_that_it_ends)
{
	each_exercise(expect_covered);
}

Test(exercise, the_manual_lists_every_rule_and_field)
{
	auto_close int fd = open("man/grader-exercise.5.scd", O_RDONLY);
	struct buf text = {0};

	if (fd < 0)
		cr_skip_test("not run in the root of the source tree");
	cr_assert_eq(buf_read_fd(&text, fd, 1 << 20), 0);
	for (size_t i = 0; RULE_KINDS[i]; i++) {
		const struct rule_kind *kind = RULE_KINDS[i];
		auto_free char *heading = xasprintf("\n*%s*\n", kind->name);
		const char *at = strstr(buf_text(&text), heading);

		cr_expect(at != NULL, "rule %s", kind->name);
		for (size_t j = 0; at && kind->fields[j].name; j++)
			cr_expect(strstr(at, kind->fields[j].meaning) != NULL,
				"field %s of %s", kind->fields[j].name,
				kind->name);
	}
	buf_release(&text);
}
