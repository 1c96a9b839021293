/* Reaches for the local sockets of the session: this exercise allows them. */
#include "attack.h"

#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void reach(const char *name, size_t length)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (fd < 0)
		return;
	memcpy(address.sun_path, name, length);
	if (connect(fd, (struct sockaddr *)&address,
		    (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
				length)) == 0)
		leak("socket %s", name + !*name);
	close(fd);
}

int main(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (fd < 0)
		return 1;
	reach("\0attacks", 8);
	reach("\0/tmp/.X11-unix/X0", 18);
	reach("/tmp/.X11-unix/X0", 18);
	reach("/run/dbus/system_bus_socket", 28);
	reach("/run/docker.sock", 17);
	return finish();
}
