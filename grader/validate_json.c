/* The results of a validation for programs. */
#include "grader/validate.h"

#include <cjson/cJSON.h>
#include <stdlib.h>

static cJSON *trial_json(
	const struct exercise *exercise, const struct trial *trial)
{
	cJSON *object = cJSON_CreateObject();
	cJSON *failed = cJSON_AddArrayToObject(object, "failed");

	cJSON_AddStringToObject(object, "name", trial->name);
	cJSON_AddStringToObject(object, "kind", trial_kind_name(trial->kind));
	cJSON_AddBoolToObject(object, "compiled", trial->compiled);
	cJSON_AddNumberToObject(object, "score", trial->score);
	for (size_t i = 0; i < exercise->criterion_count; i++)
		if (trial_fails(trial, i))
			cJSON_AddItemToArray(failed,
				cJSON_CreateString(exercise->criteria[i].id));
	if (trial->change) {
		cJSON_AddNumberToObject(object, "line", trial->line);
		cJSON_AddStringToObject(object, "change", trial->change);
		cJSON_AddBoolToObject(
			object, "killed", trial_is_killed(exercise, trial));
	}
	if (trial->reason)
		cJSON_AddStringToObject(object, "reason", trial->reason);
	if (trial->fault)
		cJSON_AddStringToObject(object, "fault", trial->fault);
	return object;
}

static cJSON *criterion_json(const struct validation *what, size_t index)
{
	struct kill_count tally = validate_count_kills(what, index);
	cJSON *object = cJSON_CreateObject();

	cJSON_AddStringToObject(
		object, "id", what->exercise->criteria[index].id);
	cJSON_AddNumberToObject(object, "wrong", (double)tally.wrong);
	cJSON_AddNumberToObject(object, "mutants", (double)tally.mutants);
	cJSON_AddNumberToObject(object, "alone", (double)tally.alone);
	return object;
}

void validation_write_json(struct buf *out, const struct validation *what)
{
	cJSON *object = cJSON_CreateObject();
	cJSON *criteria, *trials, *faults;
	char *text;

	cJSON_AddStringToObject(object, "exercise", what->exercise->id);
	cJSON_AddBoolToObject(object, "holds", validation_holds(what));
	faults = cJSON_AddArrayToObject(object, "faults");
	for (size_t i = 0; i < what->fault_count; i++)
		cJSON_AddItemToArray(
			faults, cJSON_CreateString(what->faults[i]));
	criteria = cJSON_AddArrayToObject(object, "criteria");
	for (size_t i = 0; i < what->exercise->criterion_count; i++)
		if (!criterion_needs_person(&what->exercise->criteria[i]))
			cJSON_AddItemToArray(criteria, criterion_json(what, i));
	trials = cJSON_AddArrayToObject(object, "trials");
	for (size_t i = 0; i < what->count; i++)
		cJSON_AddItemToArray(
			trials, trial_json(what->exercise, &what->trials[i]));
	text = cJSON_Print(object);
	cJSON_Delete(object);
	buf_adds(out, text ? text : "");
	buf_addc(out, '\n');
	free(text);
}
