/* A call that nobody knows, beside the numbers of the runtime. */
#include "attack.h"

#include <unistd.h>

int main(void)
{
	if (syscall(26480, 1, 2, 3) != -1 || errno != ENOSYS)
		leak("call 26480");
	if (syscall(26483, 1, 2, 3) != -1 || errno != ENOSYS)
		leak("call 26483");
	return finish();
}
