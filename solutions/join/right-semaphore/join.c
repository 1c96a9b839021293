/*
 * Each child posts when it is done; main counts the posts, and reaps.  In
 * serial mode it reaps before it starts the next.
 */
#include <errno.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static sem_t *done;

static void child(int i)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += i;
	printf("大海%d is running\n", i);
	clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &until, NULL);
	printf("大海%d is done\n", i);
	sem_post(done);
	exit(0);
}

static void await_one(void)
{
	while (sem_wait(done) != 0 && errno == EINTR)
		;
	while (wait(NULL) < 0 && errno == EINTR)
		;
}

int main(int argc, char **argv)
{
	struct timespec begin, end;
	long n = 4, nanoseconds;
	char *rest = NULL;
	int serial;

	if (argc != 3 && argc != 1) {
		fprintf(stderr, "usage: join MODE N\n");
		exit(2);
	}
	if (argc == 3) {
		errno = 0;
		n = strtol(argv[2], &rest, 10);
		if (errno || rest == argv[2] || *rest || n < 1) {
			fprintf(stderr, "join: bad N\n");
			exit(2);
		}
	}
	serial = argc == 3 && strcmp(argv[1], "serial") == 0;
	done = mmap(NULL, sizeof(*done), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (done == MAP_FAILED || sem_init(done, 1, 0) != 0)
		return 1;
	clock_gettime(CLOCK_MONOTONIC, &begin);
	for (int i = 1; i <= n; i++) {
		if (fork() == 0)
			child(i);
		if (serial)
			await_one();
	}
	for (int i = 1; i <= n && !serial; i++)
		await_one();
	clock_gettime(CLOCK_MONOTONIC, &end);
	nanoseconds = (end.tv_sec - begin.tv_sec) * 1000000000 + end.tv_nsec -
		      begin.tv_nsec;
	printf("主 %ld.%03ld\n", nanoseconds / 1000000000,
		nanoseconds / 1000000 % 1000);
	return 0;
}
