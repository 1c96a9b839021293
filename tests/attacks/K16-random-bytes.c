/* Random bytes by the 32 MiB: the supervisor makes and writes them. */
#include "attack.h"

#include <stdlib.h>
#include <sys/random.h>

int main(void)
{
	size_t size = 48 << 20;
	char *memory = malloc(size);

	for (int i = 0; memory && i < 6; i++)
		if (getrandom(memory, size, 0) != 33554431)
			leak("getrandom");
	return finish();
}
