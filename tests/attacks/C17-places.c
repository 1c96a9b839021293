/* Names of files and functions that are no names. */
#include <stdio.h>
#line 1 "../../../../../../etc/passwd"
int first(void)
{
	return 0;
}
#line 4294967295 "\033[2J"
int second(void)
{
	return 0;
}
#line 1 "::error::"

int main(void)
{
	puts("done");
	return *(volatile int *)8;
}
