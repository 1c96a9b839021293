/* Waits for a lock whose holder has stopped itself. */
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

int main(void)
{
	if (fork() == 0) {
		flock(open("lock", O_CREAT | O_RDWR, 0600), LOCK_EX);
		raise(SIGSTOP);
	}
	sleep(1);
	return flock(open("lock", O_CREAT | O_RDWR, 0600), LOCK_EX);
}
