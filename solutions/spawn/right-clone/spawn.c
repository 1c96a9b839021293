/* clone() with a stack of its own, the memory copied as fork does. */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define STACK_SIZE (256 * 1024)

struct job {
	const char *name;
	time_t seconds;
};

static int work(void *argument)
{
	const struct job *job = argument;
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += job->seconds;
	printf("%s is running\n", job->name);
	while (clock_nanosleep(
		       CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) != 0)
		;
	printf("%s is done\n", job->name);
	exit(0); /* returning would end by _exit and lose what is buffered */
}

static void usage(void)
{
	fprintf(stderr, "usage: spawn NAME SECONDS, SECONDS >= 0\n");
	exit(2);
}

int main(int argc, char **argv)
{
	struct job job = {"大海", 3};
	char *stack, *rest = "";

	if (argc == 3) {
		job.name = argv[1];
		job.seconds = strtol(argv[2], &rest, 10);
	}
	if ((argc != 1 && argc != 3) || *rest || job.seconds < 0 ||
		(argc == 3 && !*argv[2]))
		usage();
	stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	if (stack == MAP_FAILED ||
		clone(work, stack + STACK_SIZE, SIGCHLD, &job) < 0) {
		perror("spawn");
		return 1;
	}
	printf("主\n");
	wait(NULL);
	munmap(stack, STACK_SIZE);
	return 0;
}
