/* Fills the grader's memory: each line that goes through the pipe is new. */
#include "attack.h"

#include <unistd.h>

int main(void)
{
	static char block[4096];
	int ends[2];

	if (pipe(ends))
		return 1;
	memset(block, 'x', sizeof(block));
	for (long i = 0;; i++) {
		snprintf(block, 32, "%ld", i);
		if (write(ends[1], block, sizeof(block)) < 0 ||
			read(ends[0], block, sizeof(block)) < 0)
			return 1;
	}
}
