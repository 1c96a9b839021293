/* The memory of process 1. */
#include "attack.h"

#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	char memory[256] = {0};

	if (syscall(SYS_process_vm_readv, 1, memory, 1, memory, 1, 0) >= 0)
		leak("process_vm_readv");
	return finish();
}
