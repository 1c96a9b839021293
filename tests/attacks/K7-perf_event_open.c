/* Counters that watch others. */
#include "attack.h"

#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	char memory[256] = {0};

	if (syscall(SYS_perf_event_open, memory, 0, -1, -1, 0) >= 0)
		leak("perf_event_open");
	return finish();
}
