/* Limits of disk space. */
#include "attack.h"

#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	char memory[256] = {0};

	if (syscall(SYS_quotactl, 0, "/dev/sda1", 0, memory) >= 0)
		leak("quotactl");
	return finish();
}
