/* Asks for a socket of every family. */
#include "attack.h"

#include <sys/socket.h>

int main(void)
{
	static const int types[] = {
		SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET};

	for (int family = 0; family < 64; family++)
		for (int i = 0; i < 4; i++)
			if (socket(family, types[i], 0) >= 0)
				leak("a socket of family %d", family);
	return finish();
}
