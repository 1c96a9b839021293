/* Ends well before it has done anything. */
#include <stdlib.h>

int main(void)
{
	exit(0);
}
