/*
 * Reads, moves and doubles what it has printed: its output is what it wrote,
 * not what is left in some pipe of its own.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <unistd.h>

int main(void)
{
	char text[64];
	int ends[2];

	write(1, "before\n", 7);
	if (read(1, text, sizeof(text)) > 0 || read(2, text, sizeof(text)) > 0)
		leak("its own output");
	lseek(1, 0, SEEK_SET);
	ftruncate(1, 0);
	if (pipe(ends) == 0) {
		splice(1, NULL, ends[1], NULL, 64, SPLICE_F_NONBLOCK);
		tee(1, ends[1], 64, SPLICE_F_NONBLOCK);
		splice(ends[0], NULL, 1, NULL, 64, SPLICE_F_NONBLOCK);
	}
	read(open("/proc/self/fd/1", O_RDONLY | O_NONBLOCK), text, 64);
	read(open("/dev/stdout", O_RDONLY | O_NONBLOCK), text, 64);
	puts("done");
	fflush(stdout);
	read(open("/proc/self/fd/1", O_RDONLY | O_NONBLOCK), text, 64);
	return attack_leaks;
}
