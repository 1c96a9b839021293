/* Asks for another root. */
#define _GNU_SOURCE
#include "attack.h"

#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	if (syscall(SYS_pivot_root, ".", ".") == 0)
		leak("pivot_root");
	return finish();
}
