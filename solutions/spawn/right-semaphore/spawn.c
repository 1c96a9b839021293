/*
 * The child posts a semaphore in shared memory as its last deed; main waits
 * for that, then reaps it, and reaps at exit whatever happens before.
 */
#include <errno.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t child;

static void reap(void)
{
	if (child > 0)
		waitpid(child, NULL, 0);
}

static int parse_seconds(const char *s)
{
	int n = 0;

	if (*s == '\0')
		return -1;
	for (; *s >= '0' && *s <= '9'; s++)
		n = 10 * n + (*s - '0');
	return *s == '\0' ? n : -1;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "大海";
	int seconds = argc > 2 ? parse_seconds(argv[2]) : 3;
	sem_t *done = mmap(NULL, sizeof(*done), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (argc == 2 || argc > 3 || seconds < 0) {
		fprintf(stderr, "usage: spawn NAME SECONDS\n");
		return 2;
	}
	if (done == MAP_FAILED || sem_init(done, 1, 0) != 0)
		return 1;
	child = fork();
	if (child == 0) {
		printf("%s", name);
		printf(" is running\n");
		sleep((unsigned)seconds);
		printf("%s", name);
		printf(" is done\n");
		sem_post(done);
		return 0;
	}
	atexit(reap);
	printf("主\n");
	while (sem_wait(done) != 0 && errno == EINTR)
		;
	return 0;
}
