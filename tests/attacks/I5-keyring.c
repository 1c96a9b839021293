/* Leaves a key in the user's keyring. */
#include "attack.h"

#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	if (syscall(SYS_add_key, "user", "attack", "text", 4, -4) >= 0)
		leak("a key");
	return finish();
}
