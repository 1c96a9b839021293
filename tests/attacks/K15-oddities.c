/* What the kernel writes into a process when a thread ends, misused. */
#define _GNU_SOURCE
#include "attack.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	int *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char area[64] = {0};

	shared[0] = 7;
	if (fork() == 0) {
		syscall(SYS_set_tid_address, &shared[0]);
		syscall(SYS_set_robust_list, (void *)16, 24);
		syscall(SYS_rseq, area + 1, 32, 0, 0x53053053);
		syscall(SYS_rseq, (void *)8, 32, 1, 0);
		syscall(SYS_exit, 0);
	}
	wait(NULL);
	if (fork() == 0) {
		syscall(SYS_set_robust_list, shared, 24);
		shared[2] = -1; /* a list that leads nowhere */
		syscall(SYS_exit, 0);
	}
	wait(NULL);
	syscall(SYS_futex, (void *)3, FUTEX_WAKE, 1, 0, 0, 0);
	syscall(SYS_futex, shared, FUTEX_WAKE_OP, 1, 1, shared + 1, -1);
	syscall(SYS_futex, shared, 77, 1, 0, 0, 0);
	syscall(SYS_futex, (void *)-4096, FUTEX_WAKE, 1, 0, 0, 0);
	return finish();
}
