/*
 * is_alive() as in Python: it looks with WNOHANG, and remembers that the
 * child has been reaped.  Main waits for 0.1 s as the note does.
 */
#include <fcntl.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct process {
	pid_t pid;
	bool reaped;
	int status;
};

static sem_t *started;

static void target(void)
{
	printf("%d is running爹是 %d\n", (int)getpid(), (int)getppid());
	fflush(stdout);
	sem_post(started);
	sleep(3);
	printf("%d is done爹是 %d\n", (int)getpid(), (int)getppid());
}

static void process_start(struct process *process)
{
	process->reaped = false;
	process->pid = fork();
	if (process->pid == 0) {
		target();
		exit(0);
	}
	if (process->pid < 0) {
		perror("fork");
		exit(1);
	}
}

static bool process_is_alive(struct process *process)
{
	if (!process->reaped &&
		waitpid(process->pid, &process->status, WNOHANG) == process->pid)
		process->reaped = true;
	return !process->reaped;
}

static void process_terminate(const struct process *process)
{
	if (!process->reaped)
		kill(process->pid, SIGTERM);
}

static void nap(long milliseconds)
{
	struct timespec time = {0, milliseconds * 1000000};

	nanosleep(&time, NULL);
}

int main(int argc, char **argv)
{
	struct process p;

	if (argc != 1) {
		fprintf(stderr, "usage: %s\n", argv[0]);
		return 2;
	}
	started = mmap(NULL, sizeof(*started), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (started == MAP_FAILED || sem_init(started, 1, 0) < 0) {
		perror("semaphore");
		return 1;
	}
	process_start(&p);
	sem_wait(started);
	printf("is_alive %s\n", process_is_alive(&p) ? "True" : "False");
	process_terminate(&p);
	nap(100);
	printf("is_alive %s\n", process_is_alive(&p) ? "True" : "False");
	printf("主%d爹是 %d\n", (int)getpid(), (int)getppid());
	return 0;
}
