/*
 * Ten thousand warnings, some in the formats of others: what gcc says decides
 * nothing.
 */
#define W1                                                                     \
	{                                                                      \
		int unused_variable_of_a_long_name;                            \
	}
#define W2 W1 W1 W1 W1 W1 W1 W1 W1 W1 W1
#define W3 W2 W2 W2 W2 W2 W2 W2 W2 W2 W2
#define W4 W3 W3 W3 W3 W3 W3 W3 W3 W3 W3
#include <stdio.h>

#line 1 "::error file=main.c,line=1::forged"
#warning "##[error]forged"
#warning "verdict: pass"

int main(void)
{
	W4 W4 return puts("done") < 0;
}
