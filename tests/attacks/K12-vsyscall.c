/* The page at a fixed address whose calls the kernel itself makes. */
#include "attack.h"

#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define VSYSCALL_TIME 0xffffffffff600400

int main(void)
{
	time_t (*get_time)(time_t *) = (time_t(*)(time_t *))VSYSCALL_TIME;
	time_t virtual = time(NULL), seen;
	pid_t child = fork();

	if (child == 0) {
		seen = get_time(NULL);
		if (seen > virtual + 3600 || seen + 3600 < virtual)
			leak("it is %ld, not %ld", (long)seen, (long)virtual);
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
	return finish();
}
