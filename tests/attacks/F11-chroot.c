/* Leaves its root by chroot() and "..". */
#include "attack.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	int fd = open("/", O_RDONLY);

	mkdir("root", 0700);
	if (chroot("root") == 0)
		leak("chroot");
	if (fchdir(fd) == 0)
		for (int i = 0; i < 100; i++)
			if (chdir(".."))
				return 1;
	if (open("etc/passwd", O_RDONLY) >= 0)
		leak("etc/passwd");
	return finish();
}
