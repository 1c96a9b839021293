/* A file by its number, past every folder. */
#include "attack.h"

#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	char memory[256] = {0};

	if (syscall(SYS_open_by_handle_at, 3, memory, 0) >= 0)
		leak("open_by_handle_at");
	return finish();
}
