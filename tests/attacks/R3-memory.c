/* Takes all memory that malloc() gives, and writes to it. */
#include "attack.h"

#include <stdlib.h>

int main(void)
{
	for (int i = 0; i < 1024; i++) {
		char *block = malloc(1 << 24);

		if (!block)
			break;
		memset(block, 1, 1 << 24);
		if (i == 20)
			leak("%d MiB", (i + 1) * 16);
	}
	return finish();
}
