/* open() by the numbers of the 32-bit interface. */
#include "attack.h"

int main(void)
{
	static const char path[] = "/etc/passwd";
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(5L), "b"(path), "c"(0L), "d"(0L)
			 : "r8", "r9", "r10", "r11", "memory");
	leak("int 0x80 returned %ld", result);
	return finish();
}
