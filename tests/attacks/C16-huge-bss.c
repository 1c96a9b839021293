/* A small file that is a program of 1 GiB. */
#include <stdio.h>

static char table[1 << 30];

int main(void)
{
	table[1 << 29] = 1;
	return puts("done") < 0;
}
