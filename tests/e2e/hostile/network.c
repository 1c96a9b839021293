/* Tries to reach the network; says LEAK when it could. */
#include <arpa/inet.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_port = htons(53)};
	int fd;

	prctl(PR_SET_NAME, "gx-network");
	inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd >= 0 &&
		connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		puts("LEAK a datagram socket is connected");
	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd >= 0 && listen(fd, 1) == 0)
		puts("LEAK a socket listens");
	return 0;
}
