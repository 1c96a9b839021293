/* The same by the assembler, in pieces that each fit. */
__asm__(".data\n\t.rept 100000\n\t.fill 0x100000, 1, 7\n\t.endr\n\t.text");

int main(void)
{
	return 0;
}
