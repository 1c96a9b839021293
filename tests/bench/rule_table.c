/*
 * The table of rule kinds, a line a kind and a line a field, for
 * scripts/update-schema.
 */
#include <stdio.h>

#include "grader/rules/rule.h"

int main(void)
{
	static const char *const types[] = {
		[RULE_OBSERVATION] = "observation",
		[RULE_OBSERVATIONS] = "observations",
		[RULE_NUMBER] = "number",
		[RULE_NAME] = "name",
		[RULE_NAMES] = "names",
		[RULE_CHOICE] = "choice",
		[RULE_FLAG] = "flag",
		[RULE_KEYS] = "keys",
		[RULE_CONTENT] = "content",
	};

	for (size_t i = 0; RULE_KINDS[i]; i++) {
		const struct rule_field *field = RULE_KINDS[i]->fields;

		printf("kind\t%s\t%s\n", RULE_KINDS[i]->name,
			RULE_KINDS[i]->meaning);
		for (; field->name; field++)
			printf("field\t%s\t%s\t%s\t%s\t%s\n", field->name,
				field->meaning, types[field->type],
				field->required ? "required" : "",
				field->choices ? field->choices : "");
	}
	return 0;
}
