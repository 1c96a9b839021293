/* Programs in the kernel. */
#include "attack.h"

#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	char memory[256] = {0};

	if (syscall(SYS_bpf, 0 /* BPF_MAP_CREATE */, memory, 72) >= 0)
		leak("bpf");
	return finish();
}
