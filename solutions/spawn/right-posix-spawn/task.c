#include "task.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int run_task(const char *name, const char *seconds)
{
	struct timespec left = {.tv_sec = atol(seconds)};

	printf("%s is running\n", name);
	nanosleep(&left, NULL);
	printf("%s is done\n", name);
	return EXIT_SUCCESS;
}
