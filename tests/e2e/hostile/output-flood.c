/* Prints without end. */
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static char data[1 << 16];

int main(void)
{
	prctl(PR_SET_NAME, "gx-output-flood");
	memset(data, 'x', sizeof(data));
	data[sizeof(data) - 1] = '\n';
	for (;;)
		write(1, data, sizeof(data));
}
