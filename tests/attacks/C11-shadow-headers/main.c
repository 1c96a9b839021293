#include "unistd.h" /* the student's own, as is his right */
#include <stdio.h>

int main(void)
{
	return own_header && puts("done") < 0;
}
