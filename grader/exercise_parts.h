/*
 * Private to the reader of exercise.json: the parts that have a file each.
 * All return 0 or -EINVAL with the error set through the node's document;
 * what they have filled in is released by exercise_free().
 */
#ifndef GRADER_EXERCISE_PARTS_H
#define GRADER_EXERCISE_PARTS_H

#include "grader/exercise.h"
#include "grader/json_reader.h"

/* Fills *SCENARIO for PROGRAM ("tickets"). */
int exercise_read_scenario(struct scenario *scenario, const char *program,
	const struct json_node *node);
void exercise_release_scenario(struct scenario *scenario);
/* The field `limits` of a scenario, which is NODE. */
int exercise_read_limits(
	struct scenario *scenario, const struct json_node *node);
/* The most that any field of seconds may be. */
#define EXERCISE_SECONDS_MAX 1e6
int64_t exercise_microseconds(double seconds);
/* The kinds of faults, from 0; NULL behind the last. */
const char *exercise_fault_name(size_t index);

/*
 * Fills *RULE; patterns and scenarios of *EXERCISE are complete.  CRITERION
 * is the node whose `scenarios` stand for the rule's when it has none.
 */
int exercise_read_rule(struct rule *rule, const struct exercise *exercise,
	const struct json_node *node, const struct json_node *criterion);
/* The field `scenarios` of a criterion, whether a rule needs it or not. */
int exercise_check_scenarios(
	const struct exercise *exercise, const struct json_node *criterion);
/*
 * The index of the criterion ID, an earlier one than that which is being read;
 * -1 when ID is NULL.
 */
int exercise_find_premise(const struct exercise *exercise, const char *id,
	const struct json_node *node, int *premise);
void exercise_release_rule(struct rule *rule);

#endif
