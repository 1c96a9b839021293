/* Sends signals by every call that there is. */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

static int others(int pid)
{
	siginfo_t info = {.si_code = SI_QUEUE};
	union sigval value = {.sival_int = 1};
	int fd, reached = 0;

	reached += kill(pid, 0) == 0;
	reached += syscall(SYS_tkill, pid, 0) == 0;
	reached += syscall(SYS_tgkill, pid, pid, 0) == 0;
	reached += sigqueue(pid, 0, value) == 0;
	reached += syscall(SYS_rt_sigqueueinfo, pid, 0, &info) == 0;
	reached += syscall(SYS_rt_tgsigqueueinfo, pid, pid, 0, &info) == 0;
	fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (fd >= 0) {
		reached++;
		reached += syscall(SYS_pidfd_send_signal, fd, 0, NULL, 0) == 0;
		close(fd);
	}
	fd = open("/dev/null", O_RDONLY);
	reached += fcntl(fd, F_SETOWN, pid) == 0;
	close(fd);
	return reached;
}

int main(void)
{
	for (int pid = 2; pid < 400; pid++) {
		int reached = pid == getpid() ? 0 : others(pid);

		if (reached)
			leak("process %d in %d ways", pid, reached);
	}
	return finish();
}
