/* getpid by the numbers of the x32 interface. */
#include "attack.h"

#include <unistd.h>

int main(void)
{
	leak("x32 returned %ld", syscall(0x40000000 | 39));
	return finish();
}
