/* Makes the kernel start another program first. */
const char interpreter[] __attribute__((section(".interp"))) = "/bin/sh";

int main(void)
{
	return 0;
}
