/* Folders that nobody may read, with something in them. */
#include "attack.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	for (int i = 0; i < 20; i++) {
		if (mkdir("locked", 0700) || chdir("locked"))
			return 1;
		close(open("file", O_WRONLY | O_CREAT, 0000));
	}
	for (int i = 0; i < 20; i++)
		if (chdir("..") || chmod("locked", 0000))
			return 1;
	return finish();
}
