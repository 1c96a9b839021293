/* Executes itself 500 times. */
#include "attack.h"

#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int count = argc > 2 ? atoi(argv[2]) : 0;
	char text[16];

	if (count == 500)
		return finish();
	snprintf(text, sizeof(text), "%d", count + 1);
	execl(argv[0], argv[0], "now", text, (char *)NULL);
	return 1;
}
