/* A forbidden call from a page that changes itself. */
#include "attack.h"

#include <sys/mman.h>

int main(void)
{
	/* mov byte [rip + 1], 165; mov eax, 39; syscall; ret */
	unsigned char code[] = {0xc6, 0x05, 0x01, 0, 0, 0, 165, 0xb8, 39, 0, 0,
		0, 0x0f, 0x05, 0xc3};
	unsigned char *page =
		mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	long (*call)(void);

	if (page == MAP_FAILED)
		return finish();
	memcpy(page, code, sizeof(code));
	memcpy(&call, &page, sizeof(call));
	leak("mount returned %ld", call());
	return finish();
}
