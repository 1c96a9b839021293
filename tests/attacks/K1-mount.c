/* Mounts over its own folder. */
#include "attack.h"

#include <sys/mount.h>

int main(void)
{
	if (mount("none", "/work", "tmpfs", 0, "") == 0)
		leak("mount");
	return finish();
}
