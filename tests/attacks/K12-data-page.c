/* A call from a page that is written to and executed. */
#include "attack.h"

#include <sys/mman.h>
#include <unistd.h>

int main(void)
{
	/* mov eax, NUMBER; syscall; ret */
	unsigned char code[] = {0xb8, 39, 0, 0, 0, 0x0f, 0x05, 0xc3};
	unsigned char *page =
		mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int (*call)(void);

	if (page == MAP_FAILED)
		return finish();
	memcpy(page, code, sizeof(code));
	memcpy(&call, &page, sizeof(call));
	if (call() != getpid())
		leak("getpid from a data page");
	page[1] = 102; /* getuid */
	if (call() != (int)getuid())
		leak("getuid from a changed page");
	return finish();
}
