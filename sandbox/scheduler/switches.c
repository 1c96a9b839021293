/*
 * Nothing but digits, a dot, a colon and commas: read by hand, since
 * strtoul() would take blanks and signs as well.
 */
#include "scheduler/switches.h"

#include <errno.h>
#include <stdlib.h>

#include "base/alloc.h"

size_t switches_count(const struct schedule_switch *switches, size_t count)
{
	size_t involuntary = 0;

	for (size_t i = 0; i < count; i++)
		involuntary += switches[i].involuntary;
	return involuntary;
}

void switches_write(
	struct buf *out, const struct schedule_switch *switches, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_addf(out, "%s%u.%u:%u", i ? "," : "", switches[i].task,
			switches[i].point, switches[i].to);
}

/* A number and, when END is not NUL, the character behind it. */
static bool read_number(const char **at, char end, uint32_t *out)
{
	const char *digit = *at;
	uint64_t number = 0;

	while (*digit >= '0' && *digit <= '9') {
		number = number * 10 + (uint64_t)(*digit++ - '0');
		if (number > UINT32_MAX)
			return false;
	}
	if (digit == *at || (end && *digit != end))
		return false;
	*out = (uint32_t)number;
	*at = digit + (end != '\0');
	return true;
}

int switches_read(
	const char *text, struct schedule_switch **switches, size_t *count)
{
	struct schedule_switch *list = NULL;
	size_t length = 0, capacity = 0;

	while (*text) {
		struct schedule_switch one = {0};

		if (!read_number(&text, '.', &one.task) ||
			!read_number(&text, ':', &one.point) ||
			!read_number(&text, '\0', &one.to) ||
			(*text && (*text != ',' || !text[1]))) {
			free(list);
			return -EINVAL;
		}
		text += *text == ',';
		grow_array(&list, length, &capacity, sizeof(*list));
		list[length++] = one;
	}
	*switches = list;
	*count = length;
	return 0;
}
