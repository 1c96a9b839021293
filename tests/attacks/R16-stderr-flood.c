/* Prints errors without end. */
#include <stdio.h>

int main(void)
{
	puts("done");
	fflush(stdout);
	for (;;)
		fprintf(stderr, "an error\n");
}
