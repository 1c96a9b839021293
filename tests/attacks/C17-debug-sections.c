/* Debug information and frames made by hand, in front of gcc's. */
#include <stdio.h>

__asm__(".section .debug_info, \"\"\n"
	".fill 65536, 1, 0x01\n"
	".section .debug_abbrev, \"\"\n"
	".fill 65536, 1, 0x80\n"
	".section .debug_str, \"MS\", @progbits, 1\n"
	".fill 1000, 1, 0x41\n"
	".section .debug_ranges, \"\"\n"
	".fill 65536, 1, 0x7f\n"
	".section .eh_frame, \"a\"\n"
	".long 0x7fffffff, 0\n"
	".fill 4096, 1, 0x1b\n"
	".text");

int main(void)
{
	return puts("done") < 0;
}
