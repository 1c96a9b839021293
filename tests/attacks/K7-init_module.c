/* A module of the kernel. */
#include "attack.h"

#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	char memory[256] = {0};

	if (syscall(SYS_init_module, memory, sizeof(memory), "") >= 0)
		leak("init_module");
	return finish();
}
