/* Memory of the kernel in a keyring. */
#include "attack.h"

#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	char memory[256] = {0};

	if (syscall(SYS_add_key, "user", "name", memory, 64, -4) >= 0)
		leak("add_key");
	return finish();
}
