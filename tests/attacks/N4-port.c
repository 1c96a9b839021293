/* Keeps a port, in a process that stays, for the next run. */
#include "attack.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_port = htons(7778)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_ANY);
	if (fd >= 0 &&
		bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
		listen(fd, 1) == 0)
		leak("a port");
	return finish();
}
