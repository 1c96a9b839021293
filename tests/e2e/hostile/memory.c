/* Takes all memory, in several processes. */
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(void)
{
	prctl(PR_SET_NAME, "gx-memory");
	fork();
	fork();
	for (;;) {
		char *block = malloc(1 << 24);

		if (block)
			memset(block, 1, 1 << 24);
	}
}
