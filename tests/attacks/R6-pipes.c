/* Hides memory in pipes, which is nobody's. */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static char block[1 << 16];

/* KiB in pipes. */
static int fill(void)
{
	int ends[2], total = 0;

	while (pipe(ends) == 0) {
		ssize_t n;

		if (fcntl(ends[1], F_SETPIPE_SZ, 1 << 20) > 0)
			total += 1 << 20; /* far too many KiB */
		fcntl(ends[1], F_SETFL, O_NONBLOCK);
		while ((n = write(ends[1], block, sizeof(block))) > 0)
			total += (int)(n >> 10);
	}
	return total;
}

int main(void)
{
	int ends[2], total = 0, part, report[2];

	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0)
		leak("a pair of sockets");
	if (pipe(report))
		return 1;
	for (int i = 0; i < 40; i++) {
		if (fork() == 0) {
			part = fill();
			if (write(report[1], &part, sizeof(part)) < 0)
				_exit(1);
			sleep(1);
			_exit(0);
		}
	}
	close(report[1]);
	while (read(report[0], &part, sizeof(part)) == sizeof(part))
		total += part;
	if (total > (80 << 10))
		leak("%d MiB in pipes", total >> 10);
	while (wait(NULL) > 0)
		;
	return finish();
}
