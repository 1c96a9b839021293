/*
 * grader/exercise.schema.json and the reader say the same: the kinds of rules
 * with their parameters (`make schema` writes them), the faults with theirs,
 * the fields of each object.  tests/e2e/exercise.bats compares what the two
 * accept.
 */
#include <cjson/cJSON.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/buf.h"
#include "grader/exercise_parts.h"
#include "synthetic.h"

static cJSON *schema;
static const cJSON *defs;

static void read_schema(void)
{
	auto_close int fd = open("grader/exercise.schema.json", O_RDONLY);
	struct buf text = {0};

	if (fd < 0)
		cr_skip_test("not run in the root of the source tree");
	cr_assert_eq(buf_read_fd(&text, fd, 1 << 20), 0);
	schema = cJSON_ParseWithLength(text.data, text.length);
	cr_assert_not_null(schema);
	defs = cJSON_GetObjectItem(schema, "$defs");
	buf_release(&text);
}

static void free_schema(void)
{
	cJSON_Delete(schema);
}

TestSuite(exercise_schema, .init = read_schema, .fini = free_schema);

/* "$defs" / PREFIX NAME; fails the test when it is not there. */
static const cJSON *definition(const char *prefix, const char *name)
{
	auto_free char *key = xasprintf("%s%s", prefix, name);
	const cJSON *found = cJSON_GetObjectItemCaseSensitive(defs, key);

	cr_assert_not_null(
		found, "no definition %s: `make schema` adds rules", key);
	return found;
}

static const cJSON *properties(const char *prefix, const char *name)
{
	return cJSON_GetObjectItem(definition(prefix, name), "properties");
}

static const char *text_of(const cJSON *object, const char *field)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, field);

	return cJSON_IsString(item) ? item->valuestring : "";
}

static bool list_has(const cJSON *list, const char *text)
{
	const cJSON *element;

	cJSON_ArrayForEach(element, list)
	{
		if (!strcmp(element->valuestring, text))
			return true;
	}
	return false;
}

/* The kinds in a list of them, and "if KIND then DEFINITION" for each. */
static void expect_branch(
	const char *object, const char *key, size_t index, const char *kind)
{
	const cJSON *definition_of = definition("", object);
	const cJSON *names = cJSON_GetObjectItem(
		cJSON_GetObjectItem(
			cJSON_GetObjectItem(definition_of, "properties"), key),
		"enum");
	const cJSON *branch = cJSON_GetArrayItem(
		cJSON_GetObjectItem(definition_of, "allOf"), (int)index);
	const cJSON *when = cJSON_GetObjectItem(
		cJSON_GetObjectItem(
			cJSON_GetObjectItem(branch, "if"), "properties"),
		key);
	auto_free char *then = xasprintf("#/$defs/%s-%s", object, kind);

	cr_assert(cJSON_GetArraySize(names) > (int)index, "%s", kind);
	cr_expect_str_eq(
		cJSON_GetArrayItem(names, (int)index)->valuestring, kind);
	cr_expect_str_eq(text_of(when, "const"), kind);
	cr_expect_str_eq(
		text_of(cJSON_GetObjectItem(branch, "then"), "$ref"), then);
}

/* Nothing is behind the last of COUNT kinds. */
static void expect_no_more(const char *object, const char *key, size_t count)
{
	const cJSON *definition_of = definition("", object), *one;
	auto_free char *prefix = xasprintf("%s-", object);
	const cJSON *names = cJSON_GetObjectItem(
		cJSON_GetObjectItem(
			cJSON_GetObjectItem(definition_of, "properties"), key),
		"enum");
	size_t definitions = 0;

	cr_expect_eq((size_t)cJSON_GetArraySize(names), count);
	cr_expect_eq((size_t)cJSON_GetArraySize(
			     cJSON_GetObjectItem(definition_of, "allOf")),
		count);
	cJSON_ArrayForEach(one, defs) definitions +=
		!strncmp(one->string, prefix, strlen(prefix));
	cr_expect_eq(definitions, count);
}

static void expect_field(const struct rule_kind *kind,
	const struct rule_field *field, const cJSON *definition_of)
{
	static const char *const types[] = {
		[RULE_OBSERVATION] = "#/$defs/observation",
		[RULE_OBSERVATIONS] = "#/$defs/observations",
		[RULE_NUMBER] = "#/$defs/number",
		[RULE_NAME] = "#/$defs/name",
		[RULE_NAMES] = "#/$defs/names",
		[RULE_CHOICE] = "",
		[RULE_FLAG] = "#/$defs/flag",
		[RULE_KEYS] = "#/$defs/keys",
		[RULE_CONTENT] = "#/$defs/content",
	};
	const cJSON *is = cJSON_GetObjectItemCaseSensitive(
		cJSON_GetObjectItem(definition_of, "properties"), field->name);
	const cJSON *choice;
	struct buf choices = {0};

	cr_assert_not_null(is, "%s of %s", field->name, kind->name);
	cr_expect_str_eq(text_of(is, "$ref"), types[field->type], "%s of %s",
		field->name, kind->name);
	cr_expect_str_eq(text_of(is, "description"), field->meaning, "%s of %s",
		field->name, kind->name);
	cr_expect_eq(list_has(cJSON_GetObjectItem(definition_of, "required"),
			     field->name),
		field->required, "%s of %s", field->name, kind->name);
	cJSON_ArrayForEach(choice, cJSON_GetObjectItem(is, "enum"))
		buf_addf(&choices, "%s%s", choices.length ? "|" : "",
			choice->valuestring);
	cr_expect_str_eq(buf_text(&choices),
		field->type == RULE_CHOICE ? field->choices : "", "%s of %s",
		field->name, kind->name);
	buf_release(&choices);
}

Test(exercise_schema, has_the_rules_of_the_table_with_their_parameters)
{
	size_t count = 0;

	for (; RULE_KINDS[count]; count++) {
		const struct rule_kind *kind = RULE_KINDS[count];
		const cJSON *is = definition("rule-", kind->name);
		size_t fields = 0;

		expect_branch("rule", "rule", count, kind->name);
		cr_expect_str_eq(text_of(is, "description"), kind->meaning,
			"%s", kind->name);
		for (; kind->fields[fields].name; fields++)
			expect_field(kind, &kind->fields[fields], is);
		cr_expect_eq((size_t)cJSON_GetArraySize(
				     cJSON_GetObjectItem(is, "properties")),
			fields, "%s", kind->name);
	}
	expect_no_more("rule", "rule", count);
}

#define ONE_EXERCISE                                                           \
	"{'id':'x','title':{'zh':'甲','en':'x'},'program':'x','patterns':["   \
	"{'kind':'a','label':'a','pattern':'(?<n>.)a'%s}],'scenarios':["       \
	"{'id':'one','arguments':[],'values':{'count':3}%s}],"                 \
	"'criteria':[{'id':'c','title':{'zh':'甲','en':'c'%s},'points':100,"  \
	"'scenarios':['one'],'rules':[{'rule':%s}]%s}]%s}"

/* Pieces of text for each place of ONE_EXERCISE; NULL = usual. */
struct pieces {
	const char *pattern, *scenario, *title, *rule, *criterion, *top;
};

static const char * or (const char *text, const char *usual)
{
	return text ? text : usual;
}

/* The message of reading it; "" when it is accepted. */
static struct err read_pieces(const struct pieces *pieces)
{
	auto_free char *text = xasprintf(ONE_EXERCISE, or (pieces->pattern, ""),
		or (pieces->scenario, ""), or (pieces->title, ""),
		or (pieces->rule, "'ends'"), or (pieces->criterion, ""),
		or (pieces->top, ""));
	struct exercise *exercise = NULL;
	struct err err = {""};

	double_quotes(text);
	exercise_parse(&exercise, text, strlen(text), "x.json", &err);
	exercise_free(exercise);
	return err;
}

/* A right value of a fault's field. */
static const char *fault_value(const char *field)
{
	static const char *const values[][2] = {
		{"object", "'f'"},
		{"task", "'main'"},
		{"call", "'read'"},
		{"repeat", "true"},
		{"sweep", "true"},
		{"main_ended", "true"},
		{"readable", "true,'object':'f'"},
		{"signal", "'TERM'"},
	};

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++)
		if (!strcmp(values[i][0], field))
			return values[i][1];
	return "1";
}

/* Does the reader take FIELD for faults of that kind? */
static bool takes(const char *kind, const char *field)
{
	bool bare = strcmp(kind, "signal") != 0 || !strcmp(field, "signal");
	auto_free char *scenario = xasprintf(
		",'outlives_main':true,'faults':[{'kind':'%s','%s':%s%s}]",
		kind, field, fault_value(field), bare ? "" : ",'signal':'HUP'");
	struct err err = read_pieces(&(struct pieces){.scenario = scenario});

	cr_expect(err.text[0] == '\0' || strstr(err.text, "no such field"),
		"%s", err.text);
	return err.text[0] == '\0';
}

Test(exercise_schema, has_the_faults_of_the_table_with_their_fields)
{
	static const char *const fields[] = {"nth", "at", "for", "object",
		"task", "call", "bytes", "repeat", "sweep", "main_ended",
		"readable", "signal"};
	const char *kind;
	size_t count = 0;

	for (; (kind = exercise_fault_name(count)); count++) {
		const cJSON *known = properties("fault-", kind);
		size_t taken = 0;

		expect_branch("fault", "kind", count, kind);
		for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
			bool there = cJSON_GetObjectItemCaseSensitive(
				known, fields[i]);

			cr_expect_eq(takes(kind, fields[i]), there, "%s of %s",
				fields[i], kind);
			taken += there;
		}
		cr_expect_eq(
			(size_t)cJSON_GetArraySize(known), taken, "%s", kind);
	}
	expect_no_more("fault", "kind", count);
}

/*
 * The reader's message for an unknown field lists what there is: just what
 * the schema has in DEFINITION, and its rule's or fault's own.
 */
static void expect_fields(const char *name, const struct pieces *pieces)
{
	const cJSON *property;
	struct err err = read_pieces(pieces);
	const char *all = strstr(err.text, "there are ");
	size_t listed = 1;

	cr_assert_not_null(all, "%s: %s", name, err.text);
	all += strlen("there are ");
	for (const char *at = all; (at = strstr(at, ", ")); at += 2)
		listed++;
	cJSON_ArrayForEach(property, properties("", name))
	{
		auto_free char *first = xasprintf("%s,", property->string);
		auto_free char *inner = xasprintf(", %s,", property->string);
		auto_free char *last = xasprintf(", %s", property->string);
		size_t length = strlen(all), end = strlen(last);

		cr_expect(!strcmp(all, property->string) ||
				  !strncmp(all, first, strlen(first)) ||
				  strstr(all, inner) ||
				  (length > end &&
					  !strcmp(all + length - end, last)),
			"%s of %s is not among %s", property->string, name,
			all);
	}
	cr_expect_eq((size_t)cJSON_GetArraySize(properties("", name)), listed,
		"%s: the reader has %s", name, all);
}

#define UNKNOWN ",'qqqqqqqq':1"

Test(exercise_schema, has_the_fields_that_the_reader_takes)
{
	static const struct {
		const char *name;
		struct pieces pieces;
	} objects[] = {
		{"exercise", {.top = UNKNOWN}},
		{"pattern", {.pattern = UNKNOWN}},
		{"scenario", {.scenario = UNKNOWN}},
		{"criterion", {.criterion = UNKNOWN}},
		{"both", {.title = UNKNOWN}},
		{"rule", {.rule = "'ends'" UNKNOWN}},
		{"dimension", {.rule = "'among','observations':['a'],'keys':["
				       "{'groups':['n']" UNKNOWN "}]"}},
		{"file", {.scenario = ",'files':[{'name':'f'" UNKNOWN "}]"}},
		{"start", {.scenario = ",'starts':[{'at':1" UNKNOWN "}],"
				       "'outlives_main':true"}},
		{"limits", {.scenario = ",'limits':{'steps':1" UNKNOWN "}"}},
	};

	for (size_t i = 0; i < sizeof(objects) / sizeof(*objects); i++)
		expect_fields(objects[i].name, &objects[i].pieces);
}

Test(exercise_schema, has_a_version)
{
	cr_expect_str_eq(
		text_of(schema, "$id"), "urn:grader:schema:exercise:1");
	cr_expect_str_eq(text_of(schema, "$schema"),
		"https://json-schema.org/draft/2020-12/schema");
}
