/*
 * Locks what two runs share, which is read-only: a covert channel that is
 * accepted.  All that can be asked is that it does no harm.
 */
#include "attack.h"

#include <fcntl.h>
#include <sys/file.h>

int main(void)
{
	int fd = open("/usr/lib/locale/C.utf8/LC_CTYPE", O_RDONLY);

	if (fd >= 0)
		flock(fd, LOCK_EX | LOCK_NB);
	return finish();
}
