/*
 * exercise.json.  What is refused has a message; what is accepted is complete
 * enough to be run and judged.
 */
#include "fuzz.h"
#include "grader/exercise.h"

static void check_scenario(const struct scenario *scenario)
{
	assert(scenario->id && scenario->title.zh && scenario->title.en);
	assert(scenario->argv && scenario->argv[0] && scenario->command);
	assert(scenario->schedules >= 1);
	assert(!scenario->sweeps || scenario->swept < scenario->fault_count);
}

/* "exercise.json:LINE: ..." with a line of the TEXT. */
static void check_message(const char *message, const char *text, size_t size)
{
	const char *colon = strchr(message, ':');
	long lines = 1;

	for (size_t i = 0; i < size; i++)
		lines += text[i] == '\n';
	assert(colon && strtol(colon + 1, NULL, 10) >= 1);
	assert(strtol(colon + 1, NULL, 10) <= lines);
}

static void check_exercise(const struct exercise *exercise)
{
	assert(exercise->id && exercise->program && exercise->note_arguments);
	assert(exercise->scenario_count > 0);
	for (size_t i = 0; i < exercise->scenario_count; i++) {
		const struct scenario *scenario = &exercise->scenarios[i];

		check_scenario(scenario);
		assert(exercise_scenario(exercise, scenario->id) == scenario);
	}
	for (size_t i = 0; i < exercise->pattern_count; i++)
		assert(exercise_has_observation(
			exercise, exercise->patterns[i].kind));
	for (size_t i = 0; i < exercise->criterion_count; i++) {
		const struct criterion_spec *one = &exercise->criteria[i];

		assert((one->rule_count > 0 || one->elsewhere || one->answer) &&
			one->premise < (int)i);
		for (size_t j = 0; j < one->rule_count; j++)
			assert(one->rules[j].kind && one->rules[j].line > 0 &&
				one->rules[j].scenario_count > 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *text = fuzz_copy(data, size);
	struct exercise *exercise = NULL;
	struct err err = {{0}};

	if (exercise_parse(&exercise, text, size, "exercise.json", &err) == 0) {
		check_exercise(exercise);
	} else {
		assert(!exercise);
		check_message(err.text, text, size);
	}
	exercise_free(exercise);
	return 0;
}
