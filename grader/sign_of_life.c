#include "grader/sign_of_life.h"

#include <stdint.h>
#include <time.h>

static struct {
	void (*give)(void *context);
	void *context;
	unsigned interval_ms;
	int64_t last_ms;
} listener;

void sign_of_life_to(
	void (*give)(void *context), void *context, unsigned interval_ms)
{
	listener.give = give;
	listener.context = context;
	listener.interval_ms = interval_ms;
	listener.last_ms = 0;
}

void sign_of_life(void)
{
	struct timespec now;
	int64_t now_ms;

	if (!listener.give)
		return;
	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	now_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
	if (listener.last_ms &&
		now_ms - listener.last_ms < listener.interval_ms)
		return;
	listener.last_ms = now_ms;
	listener.give(listener.context);
}
