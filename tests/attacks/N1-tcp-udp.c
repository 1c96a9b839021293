/* Reaches for a service of the machine: the runner listens on port 7777. */
#include "attack.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static void reach(int type, const char *name)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_port = htons(7777)};
	int fd = socket(AF_INET, type, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0)
		return;
	leak("a %s socket", name);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
		write(fd, "hello", 5) == 5)
		leak("%s was sent", name);
}

int main(void)
{
	reach(SOCK_STREAM, "TCP");
	reach(SOCK_DGRAM, "UDP");
	return finish();
}
