/* A dynamic section of its own, which names a library. */
__asm__(".section .dynamic, \"aw\"\n\t.quad 1, 1, 0, 0\n\t.text");

int main(void)
{
	return 0;
}
