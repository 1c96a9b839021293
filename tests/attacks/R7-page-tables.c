/* Touches one page in every 2 MiB: most of its memory is page tables. */
#include "attack.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* Reading maps the page of zeroes, which counts for nobody. */
static void touch(void)
{
	for (long size = 1L << 36; size >= 1L << 26; size >>= 1) {
		char *at = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

		for (long i = 0; at != MAP_FAILED && i < size; i += 2 << 20)
			if (((volatile char *)at)[i])
				_exit(1);
	}
}

int main(void)
{
	for (int i = 0; i < 50; i++) {
		if (fork() == 0) {
			touch();
			sleep(10);
			_exit(0);
		}
	}
	sleep(5);
	leak("50 processes full of page tables");
	while (wait(NULL) > 0)
		;
	return finish();
}
