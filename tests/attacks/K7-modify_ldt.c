/* Segments of its own. */
#include "attack.h"

#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	char memory[256] = {0};

	if (syscall(SYS_modify_ldt, 1, memory, 16) >= 0)
		leak("modify_ldt");
	return finish();
}
