/* Another kernel. */
#include "attack.h"

#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	char memory[256] = {0};

	if (syscall(SYS_kexec_load, 0, 0, 0, 0) >= 0)
		leak("kexec_load");
	return finish();
}
