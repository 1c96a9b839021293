/* A ring whose calls no filter sees. */
#include "attack.h"

#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	char parameters[256] = {0};

	if (syscall(SYS_io_uring_setup, 4, parameters) >= 0)
		leak("io_uring_setup");
	return finish();
}
