/* Opens files of the machine. */
#include "attack.h"

#include <fcntl.h>

int main(void)
{
	static const char *const paths[] = {"/etc/passwd", "/etc/shadow",
		"/etc/hostname", "/root/.ssh", "/home", "/usr/bin/gcc",
		"/bin/sh", "/var/run/docker.sock", "/run/docker.sock",
		"../../../../etc/passwd", "/proc/self/root/etc/passwd",
		"/proc/self/cwd/../../etc/passwd"};

	for (unsigned i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		if (open(paths[i], O_RDONLY) >= 0)
			leak("%s", paths[i]);
	return finish();
}
