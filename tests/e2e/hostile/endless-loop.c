/* Computes without end and without a system call. */
#include <sys/prctl.h>

int main(void)
{
	prctl(PR_SET_NAME, "gx-endless-loop");
	for (;;)
		;
}
