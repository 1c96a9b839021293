/*
 * The child is a thread, which main cancels.
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <unistd.h>

static sem_t running;

static void *child(void *unused)
{
	printf("%d is running爹是 %d\n", getpid(), getppid());
	sem_post(&running);
	sleep(3);
	printf("%d is done爹是 %d\n", getpid(), getppid());
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	if (argc != 1) {
		fprintf(stderr, "usage: %s\n", argv[0]);
		return 2;
	}
	sem_init(&running, 0, 0);
	if (pthread_create(&thread, NULL, child, NULL) != 0)
		return 1;
	sem_wait(&running);
	printf("is_alive True\n");
	pthread_cancel(thread);
	pthread_join(thread, NULL);
	printf("is_alive False\n");
	printf("主%d爹是 %d\n", getpid(), getppid());
	return 0;
}
