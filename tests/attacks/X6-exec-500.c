/* Executes itself 500 times. */
#include "attack.h"

#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int times = argc > 2 ? atoi(argv[2]) : 0;
	char number[16];

	if (times == 500)
		return finish();
	snprintf(number, sizeof(number), "%d", times + 1);
	execl("./attack", "attack", "now", number, (char *)NULL);
	return 1;
}
