/* A segment that has to begin where there is nothing. */
#include <stdio.h>

static char table[16] __attribute__((aligned(1 << 28))) = {1};

int main(void)
{
	return puts("done") < 0 || !table[0];
}
