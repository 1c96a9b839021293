/* Sections that say what they are not, and symbols without end. */
#include <stdio.h>

__asm__(".section .note.gnu.build-id, \"a\", @note\n"
	".long 0x7fffffff, 0xffffffff, 3\n"
	".section .symtab_shndx, \"\"\n"
	".fill 4096, 1, 0xff\n"
	".text\n"
	".macro one\n"
	".globl symbol\\@\n"
	"symbol\\@:\n"
	".endm\n"
	".rept 50000\n"
	"one\n"
	".endr");

int main(void)
{
	return puts("done") < 0;
}
