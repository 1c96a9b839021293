/* One gibibyte on the stack. */
#include <alloca.h>
#include <string.h>

int main(void)
{
	char *block = alloca(1 << 30);

	memset(block, 1, 1 << 30);
	return block[12345] - 1;
}
