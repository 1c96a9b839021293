/*
 * Every kind of mistake that a person can make in exercise.json or
 * hidden.json is told with file, line and field, and a word that is nearly
 * right with the right one.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "grader/json_syntax.h"
#include "synthetic.h"

/* Right; the tests replace one piece each.  Line 1 is the first. */
static const char *const RIGHT[] = {
	"{",
	"'id': 'x', 'title': {'zh': '甲', 'en': 'x'}, 'program': 'x',",
	"'note_arguments': '1', 'unix_sockets': false,",
	"'patterns': [",
	"{'kind': 'put', 'label': 'P', 'pattern': '(?<n>[0-9]+)p',",
	"'who': 'W{n}', 'subject': 'n', 'arguments': {'n': 1}},",
	"{'kind': 'got', 'label': 'G', 'pattern': '(?<m>[0-9]+)g'}],",
	"'scenarios': [",
	"{'id': 'one', 'arguments': ['1'], 'values': {'count': 2},",
	"'groups': ['normal'], 'stdout': 'pipe', 'schedules': 9,",
	"'files': [{'name': 'f', 'text': 't', 'watched': true}],",
	"'outlives_main': true, 'starts': [{'at': 1}],",
	"'faults': [{'kind': 'kill-main', 'at': 1.5}],",
	"'limits': {'processes': 7}},",
	"{'id': 'two', 'arguments': [], 'early_clock': true}],",
	"'criteria': [",
	"{'id': 'first', 'title': {'zh': '甲', 'en': 'c'}, 'points': 100,",
	"'scenarios': ['normal'], 'rules': [",
	"{'rule': 'each-once', 'observations': ['put'], 'keys': [",
	"{'groups': ['n'], 'from': 1, 'to': 'count'}]},",
	"{'rule': 'writer', 'observations': ['put'], 'by': 'main',",
	"'one_each': true, 'hint': {'zh': '甲', 'en': 'h'}},",
	"{'rule': 'final-file', 'file': 'f', 'content': {'c': 'count'}},",
	"{'rule': 'conserved', 'put': 'put', 'got': 'got', 'key': ['n']}]},",
	"{'id': 'second', 'title': {'zh': '乙', 'en': 'd'}, 'points': 5,",
	"'extra': true, 'premise': 'first', 'scenarios': ['one', 'two'],",
	"'rules': [{'rule': 'ends', 'in': 'some'}]}]}",
};

static char *right(void)
{
	struct buf text = {0};

	for (size_t i = 0; i < sizeof(RIGHT) / sizeof(*RIGHT); i++)
		buf_addf(&text, "%s\n", RIGHT[i]);
	double_quotes(text.data);
	return buf_detach(&text);
}

/* The right text with its only FROM replaced; quotation marks are single. */
static char *with(const char *from, const char *to)
{
	auto_free char *text = right(), *old = xstrdup(from);
	auto_free char *new = xstrdup(to);
	char *at;

	double_quotes(old);
	double_quotes(new);
	at = strstr(text, old);
	cr_assert(at && !strstr(at + 1, old), "not once: %s", from);
	*at = '\0';
	return xasprintf("%s%s%s", text, new, at + strlen(old));
}

struct mistake {
	const char *from, *to;
	int line;
	const char *field; /* NULL: the file as a whole is not JSON */
	const char *message;
};

static void expect_told(const struct mistake *mistake)
{
	auto_free char *text = with(mistake->from, mistake->to);
	auto_free char *begin =
		mistake->field
			? xasprintf("x.json:%d: field '%s': ", mistake->line,
				  mistake->field)
			: xasprintf("x.json:%d: ", mistake->line);
	struct exercise *exercise = NULL;
	struct err err = {{0}};
	int error =
		exercise_parse(&exercise, text, strlen(text), "x.json", &err);

	cr_expect_eq(error, -EINVAL, "accepted: %s", mistake->to);
	cr_expect_null(exercise);
	cr_expect_eq(strncmp(err.text, begin, strlen(begin)), 0,
		"%s: '%s' expected, not '%s'", mistake->to, begin, err.text);
	cr_expect_not_null(strstr(err.text, mistake->message),
		"%s: '%s' is not in '%s'", mistake->to, mistake->message,
		err.text);
	exercise_free(exercise);
}

#define EXPECT_ALL(table)                                                      \
	for (size_t i_ = 0; i_ < sizeof(table) / sizeof(*(table)); i_++)       \
	expect_told(&(table)[i_])

Test(exercise_mistakes, what_is_right_is_read)
{
	auto_free char *text = right();
	struct exercise *exercise = NULL;
	struct err err = {{0}};

	cr_expect_eq(
		exercise_parse(&exercise, text, strlen(text), "x.json", &err),
		0, "%s", err.text);
	exercise_free(exercise);
}

Test(exercise_mistakes, a_field_that_is_missing)
{
	static const struct mistake table[] = {
		{"'id': 'x', ", "", 1, "id", "missing"},
		{", 'program': 'x'", "", 1, "program", "missing"},
		{"'title': {'zh': '甲', 'en': 'x'}, ", "", 1, "title",
			"missing"},
		{"'zh': '甲', 'en': 'x'", "'en': 'x'", 2, "title.zh",
			"missing"},
		{"'kind': 'put', ", "", 5, "patterns[0].kind", "missing"},
		{"'label': 'G', ", "", 7, "patterns[1].label", "missing"},
		{"'id': 'two', ", "", 15, "scenarios[1].id", "missing"},
		{"'arguments': [], ", "", 15, "scenarios[1].arguments",
			"missing"},
		{"'name': 'f', ", "", 11, "scenarios[0].files[0].name",
			"missing"},
		{"{'at': 1}", "{}", 12, "scenarios[0].starts[0].at", "missing"},
		{"'kind': 'kill-main', ", "", 13, "scenarios[0].faults[0].kind",
			"missing"},
		{"'id': 'first', ", "", 17, "criteria[0].id", "missing"},
		{", 'points': 5", "", 25, "criteria[1].points", "missing"},
		{"'scenarios': ['normal'], ", "", 17, "criteria[0].scenarios",
			"missing"},
		{"'rule': 'ends', ", "", 27, "criteria[1].rules[0].rule",
			"missing"},
		{", 'by': 'main'", "", 21, "criteria[0].rules[1].by",
			"missing"},
		{"'from': 1, ", "", 20, "criteria[0].rules[0].keys[0].from",
			"missing"},
		{", 'key': ['n']", "", 24, "criteria[0].rules[3].key",
			"missing"},
	};

	EXPECT_ALL(table);
}

Test(exercise_mistakes, a_value_of_the_wrong_kind)
{
	static const struct mistake table[] = {
		{"'id': 'x'", "'id': 1", 2, "id", "a text expected"},
		{"'id': 'x'", "'id': ''", 2, "id", "is empty"},
		{"{'zh': '甲', 'en': 'x'}", "'x'", 2, "title",
			"an object expected"},
		{"'unix_sockets': false", "'unix_sockets': 0", 3,
			"unix_sockets", "true or false expected"},
		{"{'n': 1}}", "[1]}", 6, "patterns[0].arguments",
			"an object expected"},
		{"{'kind': 'got', 'label': 'G', 'pattern': '(?<m>[0-9]+)g'}",
			"7", 7, "patterns[1]", "an object expected"},
		{"'arguments': ['1']", "'arguments': '1'", 9,
			"scenarios[0].arguments", "a list expected"},
		{"'arguments': ['1']", "'arguments': [1]", 9,
			"scenarios[0].arguments[0]", "a text expected"},
		{"{'count': 2}", "[2]", 9, "scenarios[0].values",
			"an object expected"},
		{"{'count': 2}", "{'count': '2'}", 9,
			"scenarios[0].values.count", "a number expected"},
		{"'schedules': 9", "'schedules': '9'", 10,
			"scenarios[0].schedules", "a number expected"},
		{"'schedules': 9", "'schedules': 1.5", 10,
			"scenarios[0].schedules", "a whole number expected"},
		{"[{'at': 1}]", "{'at': 1}", 12, "scenarios[0].starts",
			"a list expected"},
		{"{'processes': 7}", "7", 14, "scenarios[0].limits",
			"an object expected"},
		{"'points': 5", "'points': null", 25, "criteria[1].points",
			"a number expected"},
		{"'rules': [{'rule': 'ends', 'in': 'some'}]",
			"'rules': {'rule': 'ends'}", 27, "criteria[1].rules",
			"a list expected"},
		{"{'rule': 'ends', 'in': 'some'}", "'ends'", 27,
			"criteria[1].rules[0]", "an object expected"},
		{"'one_each': true", "'one_each': 'yes'", 22,
			"criteria[0].rules[1].one_each",
			"true or false expected"},
		{"'to': 'count'", "'to': [1]", 20,
			"criteria[0].rules[0].keys[0].to",
			"a number or an expression expected"},
		{"{'c': 'count'}", "['count']", 23,
			"criteria[0].rules[2].content", "an object expected"},
		{"'by': 'main'", "'by': 'father'", 21,
			"criteria[0].rules[1].by",
			"one of main|child|any expected"},
	};

	EXPECT_ALL(table);
}

Test(exercise_mistakes, a_field_that_nobody_knows)
{
	static const struct mistake table[] = {
		{"'program'", "'progam'", 2, "progam",
			"unknown field; did you mean 'program'?"},
		{"'pattern': '(?<m>", "'patern': '(?<m>", 7,
			"patterns[1].patern",
			"unknown field; did you mean 'pattern'?"},
		{"'early_clock'", "'earlyclock'", 15, "scenarios[1].earlyclock",
			"did you mean 'early_clock'?"},
		{"'early_clock'", "'zzz'", 15, "scenarios[1].zzz",
			"unknown field; there are id, title, arguments,"},
		{"'watched'", "'wacthed'", 11, "scenarios[0].files[0].wacthed",
			"did you mean 'watched'?"},
		{"'processes': 7", "'process': 7", 14,
			"scenarios[0].limits.process",
			"did you mean 'processes'?"},
		{"'at': 1.5", "'a': 1.5", 13, "scenarios[0].faults[0].a",
			"unknown field"},
		{"'at': 1.5", "'bytes': 1", 13, "scenarios[0].faults[0].bytes",
			"fault 'kill-main' has no such field"},
		{"'extra'", "'extras'", 26, "criteria[1].extras",
			"did you mean 'extra'?"},
		{"'one_each'", "'one-each'", 22,
			"criteria[0].rules[1].one-each",
			"did you mean 'one_each'?"},
		{"'from': 1", "'form': 1", 20,
			"criteria[0].rules[0].keys[0].form",
			"did you mean 'from'?"},
	};

	EXPECT_ALL(table);
}

Test(exercise_mistakes, a_name_that_nothing_defines)
{
	static const struct mistake table[] = {
		{"'each-once'", "'each-onec'", 19, "criteria[0].rules[0].rule",
			"unknown rule 'each-onec'; did you mean 'each-once'?"},
		{"'kill-main'", "'kill-mian'", 13,
			"scenarios[0].faults[0].kind",
			"unknown fault 'kill-mian'; did you mean 'kill-main'?"},
		{"['one', 'two']", "['one', 'tow']", 26,
			"criteria[1].scenarios",
			"no scenario or group 'tow'; did you mean 'two'?"},
		{"['normal'], 'rules'", "['nromal'], 'rules'", 18,
			"criteria[0].scenarios", "did you mean 'normal'?"},
		{"'extra': true, 'premise': 'first', 'scenarios': ['one', "
		 "'two'],\n'rules': [{",
			"'scenarios': ['tow'], 'extra': true,\n"
			"'rules': [{'scenarios': ['one'], ",
			26, "criteria[1].scenarios",
			"no scenario or group 'tow'"},
		{"'premise': 'first'", "'premise': 'frist'", 26,
			"criteria[1].premise",
			"no earlier criterion 'frist'; did you mean 'first'?"},
		{"'premise': 'first'", "'premise': 'second'", 26,
			"criteria[1].premise", "no earlier criterion 'second'"},
		{"'got': 'got'", "'got': 'gto'", 24, "criteria[0].rules[3].got",
			"no pattern makes 'gto'; did you mean 'got'?"},
		{"'key': ['n']", "'key': ['nn']", 24,
			"criteria[0].rules[3].key",
			"no pattern has the group 'nn'; did you mean 'n'?"},
		{"'subject': 'n'", "'subject': 'zz'", 6, "patterns[0].subject",
			"the pattern has no group 'zz'"},
		{"'who': 'W{n}'", "'who': 'W{zz}'", 6, "patterns[0].who",
			"the pattern has no group 'zz'"},
		{"'who': 'W{n}'", "'who': 'W{n'", 6, "patterns[0].who",
			"'}' is missing"},
		{"{'n': 1}}", "{'zz': 1}}", 6, "patterns[0].arguments",
			"the pattern has no group 'zz'"},
		{"'to': 'count'", "'to': 'cuont'", 20,
			"criteria[0].rules[0].keys[0].to",
			"scenario 'one': unknown value at 'cuont'"},
		{"{'c': 'count'}", "{'c': 'count +'}", 23,
			"criteria[0].rules[2].content.c",
			"a number or a name expected"},
		{"'in': 'some'", "'in': 'any'", 27, "criteria[1].rules[0].in",
			"'every' or 'some'"},
		{"'stdout': 'pipe'", "'stdout': 'tty'", 10,
			"scenarios[0].stdout", "'terminal' or 'pipe'"},
		{"'kill-main', 'at': 1.5", "'signal', 'signal': 'SIGTERM'", 13,
			"scenarios[0].faults[0].signal",
			"no signal 'SIGTERM': its name without SIG"},
		{"'kill-main', 'at': 1.5", "'eintr', 'call': 'raed'", 13,
			"scenarios[0].faults[0].call",
			"no modelled system call 'raed'"},
	};

	EXPECT_ALL(table);
}

Test(exercise_mistakes, what_is_given_twice)
{
	static const struct mistake table[] = {
		{"'program': 'x'", "'program': 'x',\n'program': 'y'", 3,
			"program", "given twice"},
		{"'id': 'two'", "'id': 'one'", 15, "scenarios[1].id",
			"'one' is given twice"},
		{"'id': 'two'", "'id': 'normal'", 8, "scenarios",
			"'normal' is both a scenario and a group"},
		{"'id': 'second'", "'id': 'first'", 25, "criteria[1].id",
			"'first' is given twice"},
		{"'watched': true}",
			"'watched': true}, "
			"{'name': 'f', 'text': 'u'}",
			11, "scenarios[0].files[1].name", "given twice"},
	};

	EXPECT_ALL(table);
}

Test(exercise_mistakes, a_number_that_does_not_fit)
{
	static const struct mistake table[] = {
		{"'points': 5", "'points': -5", 25, "criteria[1].points",
			"-5 is not between 0 and 100"},
		{"'points': 5", "'points': 1e999", 25, "criteria[1].points",
			"inf is not between 0 and 100"},
		{"'points': 100", "'points': 99.5", 16, "criteria",
			"points without extras add up to 99.5, not to 100"},
		{"'schedules': 9", "'schedules': 0", 10,
			"scenarios[0].schedules", "not between"},
		{"'schedules': 9", "'schedules': 99999999999999999999", 10,
			"scenarios[0].schedules", "not between"},
		{"'count': 2", "'count': 1e300", 9, "scenarios[0].values.count",
			"not between"},
		{"'processes': 7", "'processes': -1", 14,
			"scenarios[0].limits.processes", "not between"},
		{"'at': 1.5", "'at': -1", 13, "scenarios[0].faults[0].at",
			"not between"},
		{"{'n': 1}}", "{'n': 0}}", 6, "patterns[0].arguments.n",
			"not between"},
		{"'from': 1", "'from': 1e999", 20,
			"criteria[0].rules[0].keys[0].from",
			"too great a number"},
		{"'from': 1", "'from': 1e12", 20,
			"criteria[0].rules[0].keys[0].from",
			"too great a number"},
		{"'to': 'count'", "'to': 'count / 0'", 20,
			"criteria[0].rules[0].keys[0].to", "division by zero"},
	};

	EXPECT_ALL(table);
}

Test(exercise_mistakes, what_cannot_be)
{
	static const struct mistake table[] = {
		{"(?<n>[0-9]+)p", "(?<n>[0-9+)p", 5, "patterns[0].pattern",
			"bad pattern at character 12"},
		{"(?<n>[0-9]+)p", "(?<n>[0-9]+) p", 5, "patterns[0].pattern",
			"has a blank"},
		{"(?<n>[0-9]+)p",
			"(?<a>.)(?<b>.)(?<c>.)(?<d>.)(?<e>.)"
			"(?<f>.)(?<g>.)(?<h>.)(?<i>.)",
			5, "patterns[0].pattern", "more than 8 named groups"},
		{"'id': 'x'", "'id': 'X'", 2, "id", "small letters"},
		{"'program': 'x'", "'program': '../x'", 2, "program",
			"small letters"},
		{"'id': 'two'", "'id': 'zwei Läufe'", 15, "scenarios[1].id",
			"small letters"},
		{"'kind': 'got'", "'kind': 'Got'", 7, "patterns[1].kind",
			"small letters"},
		{"'name': 'f'", "'name': 'a/f'", 11,
			"scenarios[0].files[0].name", "one path component"},
		{"'count': 2", "'count': 2, 'a b': 1", 9,
			"scenarios[0].values.a b", "letters, digits and '_'"},
		{"'count': 2", "'count': 2, 'max': 1", 9,
			"scenarios[0].values.max", "a meaning of their own"},
		{"{'n': 1}}", "{'n': 1.5}}", 6, "patterns[0].arguments.n",
			"a whole number expected"},
		{"'from': 1", "'from': 1, 'first': 1", 20,
			"criteria[0].rules[0].keys[0].first",
			"only with 'rows'"},
		{"'from': 1", "'rows': ['a'], 'from': 1", 20,
			"criteria[0].rules[0].keys[0].from", "not with 'rows'"},
		{"'from': 1, 'to': 'count'", "'rows': ['a', {'b': 'c'}]", 20,
			"criteria[0].rules[0].keys[0].rows[1]",
			"a text or a list of texts expected"},
		{"'outlives_main': true, ", "", 12, "scenarios[0].starts",
			"needs 'outlives_main'"},
		{"'early_clock'", "'hidden': true, 'early_clock'", 15,
			"scenarios[1].hidden", "hidden.json"},
		{"'rules': [{'rule': 'ends', 'in': 'some'}]", "'rules': []", 27,
			"criteria[1].rules", "is empty"},
		{"'rules': [{'rule'", "'elsewhere': true, 'rules': [{'rule'",
			27, "criteria[1].rules", "not judged elsewhere"},
		{"'scenarios': ['one', 'two']", "'scenarios': []", 26,
			"criteria[1].scenarios", "is empty"},
		{"'observations': ['put'], 'by'", "'observations': [], 'by'",
			21, "criteria[0].rules[1].observations", "is empty"},
		{"{'groups': ['n'], 'from': 1, 'to': 'count'}",
			"{'groups': ['n', 'm'], 'rows': ['a']}", 20,
			"criteria[0].rules[0].keys[0].rows[0]",
			"2 texts expected"},
	};

	EXPECT_ALL(table);
}

Test(exercise_mistakes, what_is_not_json)
{
	static const struct mistake table[] = {
		{"'label': 'G', ", "'label': 'G' ", 7, NULL,
			"not valid JSON: ',' or '}' expected at '\"pattern\""},
		{"'in': 'some'}]}]}", "'in': 'some'}]}]", 28, NULL,
			"not valid JSON: ',' or '}' expected"},
		{"'in': 'some'}]}]}", "'in': 'some'}]},]}", 27, NULL,
			"a comma behind the last element"},
		{"'in': 'some'}]}]}", "'in': 'some'}]}]}\nx", 28, NULL,
			"something stands behind the end at 'x'"},
		{"'in': 'some'", "'in' 'some'", 27, NULL, "':' expected"},
		{"'in': 'some'", "in: 'some'", 27, NULL,
			"the name of a field in double quotation marks"},
		{"'in': 'some'", "'in': some", 27, NULL,
			"a value expected at 'some}"},
		{"'in': 'some'", "'in': `some'", 27, NULL, "a value expected"},
		{"'in': 'some'", "'in': 'some", 27, NULL,
			"a text without its closing quotation mark"},
		{"'points': 5", "'points': 05", 25, NULL, "a bad number"},
		{"'points': 5", "'points': 5.", 25, NULL, "a bad number"},
		{"'points': 5", "'points': +5", 25, NULL, "a value expected"},
		{"'points': 5", "'points': NaN", 25, NULL, "a value expected"},
		{"'points': 5", "/* five */ 'points': 5", 25, NULL,
			"JSON has no comments"},
		{"(?<n>[0-9]+)p", "(?<n>\\d+)p", 5, NULL,
			"a bad escape (a backslash itself is written \\\\)"},
		{"'label': 'P'", "'label': '\\u0000'", 5, NULL, "NUL"},
		{"'label': 'P'", "'label': '\\ud800'", 5, NULL,
			"half of a surrogate pair"},
		{"'label': 'P'", "'label': '\xff'", 5, NULL, "not valid UTF-8"},
		{"'label': 'P'", "'label': '\x01'", 5, NULL,
			"a control character"},
		{"'label': 'P'", "'label': 'a\tb'", 5, NULL, "tabulator"},
		{"{\n'id': 'x'", "\xef\xbb\xbf{\n'id': 'x'", 1, NULL,
			"byte order mark"},
	};

	EXPECT_ALL(table);
}

Test(exercise_mistakes, a_file_nested_too_deeply)
{
	struct buf text = {0};
	struct exercise *exercise = NULL;
	struct err err = {{0}};

	buf_adds(&text, "{\"id\":\n");
	for (int i = 0; i < 100000; i++)
		buf_addc(&text, '[');
	cr_expect_eq(exercise_parse(
			     &exercise, text.data, text.length, "x.json", &err),
		-EINVAL);
	cr_expect_str_eq(err.text, "x.json:2: not valid JSON: nested too "
				   "deeply at '[[[[[[[[[[[[[[[[[[[[[[[['");
	buf_release(&text);
}

/* The message of loading a folder with these two files; NULL: none. */
static void expect_loading(
	const char *main, const char *hidden, const char *message)
{
	char folder[] = "/tmp/test_exercise_mistakes.XXXXXX";
	const char *const texts[] = {main, hidden};
	const char *const names[] = {"exercise.json", "hidden.json"};
	struct exercise *exercise = NULL;
	struct err err = {{0}};

	cr_assert_not_null(mkdtemp(folder));
	for (size_t i = 0; i < 2; i++) {
		auto_free char *path = xasprintf("%s/%s", folder, names[i]);
		FILE *file = texts[i] ? fopen(path, "w") : NULL;

		if (file) {
			fputs(texts[i], file);
			fclose(file);
		} else if (!texts[i]) {
			cr_assert_eq(mkdir(path, 0700), 0);
		}
	}
	cr_expect_lt(exercise_load(&exercise, folder, &err), 0);
	cr_expect_null(exercise);
	cr_expect_not_null(strstr(err.text, folder), "%s", err.text);
	cr_expect_not_null(strstr(err.text, message), "%s", err.text);
	for (size_t i = 0; i < 2; i++) {
		auto_free char *path = xasprintf("%s/%s", folder, names[i]);

		remove(path);
	}
	rmdir(folder);
}

Test(exercise_mistakes, a_file_that_is_empty_a_folder_or_too_long)
{
	auto_free char *text = right();
	auto_free char *blanks = xasprintf("%s%1100000s", text, "");

	expect_loading("", "",
		"/exercise.json:1: not valid JSON: the file is "
		"empty");
	expect_loading(text, " \n",
		"/hidden.json:1: not valid JSON: the file "
		"is empty");
	expect_loading(NULL, "{}", "/exercise.json': Is a directory");
	expect_loading(text, NULL, "/hidden.json': Is a directory");
	expect_loading(blanks, "{}", "/exercise.json': File too large");
}

Test(exercise_mistakes, those_of_the_hidden_file)
{
	auto_free char *text = right();

	expect_loading(text, "{\"scenario\": []}",
		"/hidden.json:1: field 'scenario': unknown field; did you "
		"mean 'scenarios'?");
	expect_loading(
		text, "{}", "/hidden.json:1: field 'scenarios': missing");
	expect_loading(text, "[]",
		"/hidden.json:1: field '(whole file)': an object expected");
	expect_loading(text,
		"{\"scenarios\": [\n{\"id\": \"one\", \"arguments\": []}]}",
		"/hidden.json:2: field 'scenarios[0].id': 'one' is given "
		"twice");
	expect_loading(text,
		"{\"scenarios\": [\n{\"id\": \"h\",\n\"argments\": []}]}",
		"/hidden.json:3: field 'scenarios[0].argments': unknown field; "
		"did you mean 'arguments'?");
}

Test(exercise_mistakes, a_small_number_is_read_as_it_is_written)
{
	auto_free char *text = with("'from': 1", "'from': 0.00001");
	struct exercise *exercise = NULL;
	struct err err = {{0}};

	cr_expect_eq(
		exercise_parse(&exercise, text, strlen(text), "x.json", &err),
		0, "%s", err.text);
	exercise_free(exercise);
}

Test(json_syntax, all_of_json_is_json)
{
	static const char *const good[] = {"null", " true\r\n", "\t[ ]", "{ }",
		"-0", "0.5e+10", "[1E-2,-10]", "\"\\u00e9\\ud83d\\ude00\\/\"",
		"{\"\":[{\"a\":\"b\"},false]}"};
	static const char *const bad[] = {"nul", "tru e", "[1 2]", "{1:2}",
		"{\"a\"}", "-", "1e", ".5", "01", "\"\\x\"", "\"\\u12g4\"",
		"\"\\udc00\"", "\"\\ud800\\u0041\"", "\"", "\"\\", "[", "{",
		"[,]", "[1,]", "{\"a\":1,}", "{,}", "1 1", "]"};

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		cr_expect_null(json_syntax(good[i], strlen(good[i])).what, "%s",
			good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		cr_expect_not_null(
			json_syntax(bad[i], strlen(bad[i])).what, "%s", bad[i]);
}
