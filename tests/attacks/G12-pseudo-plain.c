/* The same in a program that is not linked with the runtime. */
#include "attack.h"

#include <unistd.h>

/* a name of the runtime: linking with that fails */
void __tsan_init(void)
{
}

int main(void)
{
	static const unsigned long values[] = {0, 1, 8, 0xfff, 0x1000,
		1ul << 47, ~0ul, ~0ul - 7, 0xffffffff81000000, 1ul << 32,
		0xffffffff, 4 << 8, (4 << 8) | 1, 0xffffff06,
		(1ul << 32) | 0x401, 255};
	enum { COUNT = sizeof(values) / sizeof(*values) };

	for (unsigned i = 0; i < COUNT; i++)
		for (unsigned j = 0; j < COUNT; j++)
			for (long number = 26481; number < 26483; number++)
				syscall(number, values[i], values[j],
					values[(i + j) % COUNT], values[j],
					values[i], 0);
	return finish();
}
