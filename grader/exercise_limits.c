/*
 * The limits of a scenario of exercise.json; what is not given stays 0, for
 * the usual one.
 */
#include <errno.h>

#include "grader/exercise_parts.h"

int64_t exercise_microseconds(double seconds)
{
	return (int64_t)(seconds * 1e6 + 0.5);
}

/* Fewer leave nothing to work with, more are a machine's usual limit. */
#define OPEN_FILES_LEAST 8
#define OPEN_FILES_MOST 1024

int exercise_read_limits(
	struct scenario *scenario, const struct json_node *node)
{
	static const char *const fields[] = {"processes", "virtual_seconds",
		"cpu_seconds", "wall_seconds", "memory_bytes", "disk_bytes",
		"output_bytes", "steps", "open_files", NULL};
	struct run_limits *limits = &scenario->limits;
	double virtual_s = 0, cpu_s = 0, wall_s = 0;
	int64_t processes = 0, open_files = 0;
	struct json_node child;
	const int64_t most = INT64_C(1) << 40;

	if (!json_child(node, "limits", &child))
		return 0;
	if (json_check_fields(&child, fields) != 0 ||
		json_get_whole(&child, "processes", false, 1, 10000,
			&processes) != 0 ||
		json_get_whole(&child, "open_files", false, OPEN_FILES_LEAST,
			OPEN_FILES_MOST, &open_files) != 0 ||
		json_get_number(&child, "virtual_seconds", false, 0.001,
			EXERCISE_SECONDS_MAX, &virtual_s) != 0 ||
		json_get_number(&child, "cpu_seconds", false, 0.001,
			EXERCISE_SECONDS_MAX, &cpu_s) != 0 ||
		json_get_number(&child, "wall_seconds", false, 0.001,
			EXERCISE_SECONDS_MAX, &wall_s) != 0 ||
		json_get_whole(&child, "memory_bytes", false, 1, most,
			&limits->memory_bytes) != 0 ||
		json_get_whole(&child, "disk_bytes", false, 1, most,
			&limits->disk_bytes) != 0 ||
		json_get_whole(&child, "output_bytes", false, 1, most,
			&limits->output_bytes) != 0 ||
		json_get_whole(
			&child, "steps", false, 1, most, &limits->steps) != 0)
		return -EINVAL;
	limits->processes = (int)processes;
	limits->open_files = (int)open_files;
	limits->virtual_us = exercise_microseconds(virtual_s);
	limits->cpu_us = exercise_microseconds(cpu_s);
	limits->wall_us = exercise_microseconds(wall_s);
	return 0;
}
