/* The keys of the session. */
#include "attack.h"

#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	char memory[256] = {0};

	if (syscall(SYS_keyctl, 0 /* KEYCTL_GET_KEYRING_ID */, -4, 1) >= 0)
		leak("keyctl");
	return finish();
}
