/*
 * The table of event kinds, a line each, for scripts/update-trace-schema.
 */
#include <stdio.h>

#include "trace/event.h"

int main(void)
{
	for (int kind = 0; kind < EVENT_KIND_COUNT; kind++)
		printf("%s\t%s\t%s\n", event_kind_name((enum event_kind)kind),
			event_kind_fields((enum event_kind)kind),
			event_kind_meaning((enum event_kind)kind));
	return 0;
}
