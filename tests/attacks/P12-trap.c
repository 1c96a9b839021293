/* A breakpoint, as only a debugger would want one. */
#include <stdio.h>

int main(void)
{
	puts("done");
	fflush(stdout);
	__asm__ volatile("int3");
	return 0;
}
