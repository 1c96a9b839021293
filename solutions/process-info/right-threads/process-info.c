/*
 * Threads on both sides: in the child one speaks and another sleeps, in main
 * one waits for the child's end and tells the others by a condition variable.
 */
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool dead;
static pid_t child;
static int ready[2];

static void *speak(void *unused)
{
	(void)unused;
	printf("%d is running爹是 %d\n", getpid(), getppid());
	fflush(stdout);
	close(ready[1]);
	return NULL;
}

static void *watch(void *unused)
{
	(void)unused;
	waitpid(child, NULL, 0);
	pthread_mutex_lock(&mutex);
	dead = true;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&mutex);
	return NULL;
}

static pthread_t run(void *(*what)(void *))
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, what, NULL) != 0)
		exit(1);
	return thread;
}

static int be_child(void)
{
	pthread_t thread;

	close(ready[0]);
	thread = run(speak);
	sleep(3);
	pthread_join(thread, NULL);
	printf("%d is done爹是 %d\n", getpid(), getppid());
	return 0;
}

int main(int argc, char **argv)
{
	pthread_t thread;
	char byte;

	if (argc != 1) {
		fprintf(stderr, "usage: %s\n", argv[0]);
		return 2;
	}
	if (pipe(ready) < 0 || (child = fork()) < 0) {
		perror("process-info");
		return 1;
	}
	if (child == 0)
		return be_child();
	close(ready[1]);
	while (read(ready[0], &byte, 1) > 0)
		;
	printf("is_alive True\n");
	thread = run(watch);
	kill(child, SIGTERM);
	pthread_mutex_lock(&mutex);
	while (!dead)
		pthread_cond_wait(&changed, &mutex);
	pthread_mutex_unlock(&mutex);
	printf("is_alive False\n");
	pthread_join(thread, NULL);
	printf("主%d爹是 %d\n", getpid(), getppid());
	return 0;
}
