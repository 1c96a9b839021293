/* Hides memory in local sockets, which this exercise allows. */
#include "attack.h"

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static char block[1 << 15];

/* KiB in sockets. */
static int fill(void)
{
	int ends[2], total = 0;
	ssize_t n;

	for (int pairs = 0; pairs < 25; pairs++) {
		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends))
			break;
		for (int i = 0; i < 2; i++)
			while ((n = write(ends[i], block, sizeof(block))) > 0)
				total += (int)(n >> 10);
	}
	return total;
}

int main(void)
{
	int total = 0, part, report[2];

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
		leak("%d MiB in sockets", total >> 10);
	while (wait(NULL) > 0)
		;
	return finish();
}
