/* Answers twice: one of them may be right. */
#include <stdio.h>

int main(void)
{
	puts("done");
	puts("not done");
	puts("done");
	return 0;
}
