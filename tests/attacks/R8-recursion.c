/* Calls itself without end. */
#include <string.h>

static int deeper(const char *above)
{
	char here[256];

	memcpy(here, above, sizeof(here));
	here[0]++;
	return deeper(here) + here[1];
}

int main(void)
{
	char first[256] = "";

	return deeper(first);
}
