/* Prints without end. */
#include <string.h>
#include <unistd.h>

static char data[1 << 16];

int main(void)
{
	memset(data, 'x', sizeof(data));
	data[sizeof(data) - 1] = '\n';
	for (;;)
		if (write(1, data, sizeof(data)) < 0)
			return 1;
}
