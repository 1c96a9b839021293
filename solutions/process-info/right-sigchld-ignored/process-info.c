/*
 * SIGCHLD is ignored, so there are no zombies: the child is alive as long as
 * kill(pid, 0) finds it.  A shared flag, looked at every 10 ms, says that it
 * runs.
 */
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static atomic_bool *running;

static bool is_alive(pid_t pid)
{
	return kill(pid, 0) == 0;
}

static void child(void)
{
	printf("%d is running爹是 %d\n", getpid(), getppid());
	fflush(stdout);
	atomic_store(running, true);
	sleep(3);
	printf("%d is done爹是 %d\n", getpid(), getppid());
	exit(0);
}

int main(int argc, char **argv)
{
	if (argc != 1) {
		fprintf(stderr, "usage: %s\n", argv[0]);
		return 2;
	}
	signal(SIGCHLD, SIG_IGN);
	running = mmap(NULL, sizeof(*running), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (running == MAP_FAILED) {
		perror("mmap");
		return 1;
	}

	pid_t pid = fork();

	if (pid < 0) {
		perror("fork");
		return 1;
	}
	if (pid == 0)
		child();
	while (!atomic_load(running))
		usleep(10 * 1000);
	puts(is_alive(pid) ? "is_alive True" : "is_alive False");
	kill(pid, SIGTERM);
	while (is_alive(pid))
		usleep(10 * 1000);
	puts("is_alive False");
	printf("主%d爹是 %d\n", getpid(), getppid());
	return 0;
}
