/* No argv[0], and more arguments than fit. */
#include "attack.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char *none[] = {NULL}, *huge[4] = {NULL}, *bad[] = {(char *)8, NULL};
	int status;

	if (argc < 2 || argv[0] == NULL)
		_exit(55);
	if (fork() == 0) {
		execve("./attack", none, none);
		_exit(77);
	}
	wait(&status);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 55)
		leak("no argv[0]: %#x", status);
	huge[0] = huge[1] = malloc(1 << 20);
	memset(huge[0], 'x', (1 << 20) - 1);
	huge[0][(1 << 20) - 1] = '\0';
	if (execve("./attack", huge, none) == 0 || errno != E2BIG)
		leak("huge arguments: %d", errno);
	if (execve("./attack", none, huge) == 0 || errno != E2BIG)
		leak("huge environment: %d", errno);
	if (execve("./attack", bad, none) == 0 || errno != EFAULT)
		leak("bad arguments: %d", errno);
	if (execve((char *)8, none, none) == 0 || errno != EFAULT)
		leak("bad path: %d", errno);
	return finish();
}
