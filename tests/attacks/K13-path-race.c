/* A thread rewrites the path while somebody may be deciding by it. */
#include "attack.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <unistd.h>

#define ROUNDS 400

static char path[32] = "./harmless";
static volatile int stop;
static sem_t running;

static void *rewrite(void *unused)
{
	sem_post(&running);
	while (!stop) {
		strcpy(path, "/etc/passwd");
		sched_yield();
		strcpy(path, "./harmless");
		sched_yield();
	}
	return unused;
}

int main(void)
{
	pthread_t thread;
	char text[8];

	sem_init(&running, 0, 0);
	close(open("harmless", O_CREAT | O_WRONLY, 0600));
	pthread_create(&thread, NULL, rewrite, NULL);
	sem_wait(&running);
	for (int i = 0; i < ROUNDS; i++) {
		int fd = open(path, O_RDONLY);

		if (fd >= 0 && read(fd, text, sizeof(text)) > 0)
			leak("/etc/passwd");
		close(fd);
	}
	stop = 1;
	pthread_join(thread, NULL);
	unlink("harmless");
	return finish();
}
