/* Locks memory, asks for huge pages, advises in storms. */
#define _GNU_SOURCE
#include "attack.h"

#include <sys/mman.h>

int main(void)
{
	char *block = mmap(NULL, 1 << 30, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	char *small = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (block != MAP_FAILED && mlock(block, 1 << 30) == 0)
		leak("mlock");
	if (mmap(NULL, 1 << 30, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1,
		    0) != MAP_FAILED)
		leak("huge pages");
	for (int i = 0; i < 2000; i++) {
		memset(small, 1, 1 << 14);
		madvise(small, 1 << 20, i % 2 ? MADV_DONTNEED : MADV_FREE);
	}
	if (block != MAP_FAILED && mlockall(MCL_CURRENT | MCL_FUTURE) == 0)
		leak("mlockall");
	return finish();
}
