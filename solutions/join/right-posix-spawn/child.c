#include "child.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int child_main(const char *number)
{
	printf("%s%s is running\n", CHILD_NAME, number);
	sleep(atoi(number));
	printf("%s%s is done\n", CHILD_NAME, number);
	return 0;
}
