/* Answers, closes its output and opens another one in its place. */
#include "attack.h"

#include <fcntl.h>
#include <unistd.h>

int main(void)
{
	close(1);
	if (open("elsewhere", O_CREAT | O_WRONLY, 0600) != 1)
		leak("another descriptor");
	puts("done");
	fflush(stdout);
	unlink("elsewhere");
	return 0;
}
