/*
 * Main starts a manager, which starts the child that does the work: a
 * supervisor, as daemons have them.  Each waits for the process it made.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

typedef void work_fn(void);

static char *name = "大海";
static unsigned long seconds = 3;

static pid_t start(work_fn *work)
{
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid < 0)
		abort();
	if (pid == 0) {
		work();
		exit(EXIT_SUCCESS);
	}
	return pid;
}

static void worker(void)
{
	printf("%s is running\n", name);
	sleep(seconds);
	printf("%s is done\n", name);
}

static void manager(void)
{
	waitpid(start(worker), NULL, 0);
}

int main(int argc, char **argv)
{
	char *end;
	pid_t pid;

	if (argc != 1 && argc != 3) {
		fprintf(stderr, "wrong number of arguments\n");
		return 2;
	}
	if (argc == 3) {
		name = argv[1];
		seconds = strtoul(argv[2], &end, 10);
		if (*end || !*argv[2] || *argv[2] == '-') {
			fprintf(stderr, "wrong number of seconds\n");
			return 2;
		}
	}
	pid = start(manager);
	printf("主\n");
	/* other lines are allowed, even ones that look alike */
	printf("process %d is running\n", (int)pid);
	waitpid(pid, NULL, 0);
	printf("process %d is done\n", (int)pid);
	return 0;
}
