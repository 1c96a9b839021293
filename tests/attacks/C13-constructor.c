/* Ends before main, well. */
#include <unistd.h>

static __attribute__((constructor)) void early(void)
{
	_exit(0);
}

int main(void)
{
	return 1;
}
