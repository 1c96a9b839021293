/*
 * The parent holds a robust mutex in shared memory all its life.  The child
 * tries to lock it with a deadline: EOWNERDEAD says that the parent is dead.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static unsigned seconds(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end != '\0' || value < 0) {
		fprintf(stderr, "daemon: bad number of seconds '%s'\n", text);
		exit(2);
	}
	return value;
}

static pthread_mutex_t *new_life(void)
{
	pthread_mutexattr_t attributes;
	pthread_mutex_t *life = mmap(NULL, sizeof(*life),
		PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (life == MAP_FAILED)
		exit(1);
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(life, &attributes);
	return life;
}

static int eunuch(pthread_mutex_t *emperor, unsigned life)
{
	struct timespec end;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += life;
	if (pthread_mutex_trylock(emperor) != EBUSY)
		return 0;
	puts("老太监活着");
	if (pthread_mutex_timedlock(emperor, &end) == ETIMEDOUT)
		puts("老太监正常死亡");
	return 0;
}

int main(int argc, char **argv)
{
	unsigned child_seconds = 3, parent_seconds = 1;

	if (argc == 3) {
		child_seconds = seconds(argv[1]);
		parent_seconds = seconds(argv[2]);
	} else if (argc != 1) {
		fprintf(stderr, "usage: daemon CHILD_SECONDS PARENT_SECONDS\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);

	pthread_mutex_t *life = new_life();

	signal(SIGCHLD, SIG_IGN);
	pthread_mutex_lock(life);
	switch (fork()) {
	case -1:
		perror("fork");
		return 1;
	case 0:
		return eunuch(life, child_seconds);
	}
	sleep(parent_seconds);
	puts("皇帝正在死亡");
	return 0;
}
