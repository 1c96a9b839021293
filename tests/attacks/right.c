/* The next submission: it must be graded right after every attack. */
#include "attack.h"

#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	if (fork() == 0)
		_exit(0);
	wait(NULL);
	return finish();
}
