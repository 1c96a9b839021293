/* Asks whether files exist, which their content's owner may not want. */
#include "attack.h"

int main(void)
{
#if __has_include("/etc/passwd")
	leak("/etc/passwd exists");
#endif
#if __has_include("/mnt/hidden/solution.c")
	leak("the solution exists");
#endif
#if __has_include("/proc/self/environ") || __has_include("/dev/sda")
	leak("more exists");
#endif
	return finish();
}
