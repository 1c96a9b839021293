/* Reads the memory of its parent. */
#define _GNU_SOURCE
#include "attack.h"

#include <sys/uio.h>
#include <unistd.h>

int main(void)
{
	char data[16];
	struct iovec here = {data, sizeof(data)};
	struct iovec there = {(void *)0x400000, sizeof(data)};

	if (process_vm_readv(getppid(), &here, 1, &there, 1, 0) > 0)
		leak("memory of the parent");
	return finish();
}
