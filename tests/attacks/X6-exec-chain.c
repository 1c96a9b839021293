/* Executes itself again and again, and works a little each time. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char number[16];
	volatile unsigned work = 0;

	while (work < 16000000)
		work++;
	snprintf(
		number, sizeof(number), "%d", argc > 2 ? atoi(argv[2]) + 1 : 0);
	execl("./attack", "attack", "now", number, (char *)NULL);
	return 1;
}
