/*
 * Threads share the memory of their process, processes do not: in the child
 * one thread sets n and another prints it; in main a thread waits.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int n;
static pid_t child;

static int number(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end != '\0') {
		fprintf(stderr, "isolation: bad number '%s'\n", text);
		exit(2);
	}
	return value;
}

static void *set(void *value)
{
	n = *(int *)value;
	return NULL;
}

static void *tell(void *unused)
{
	(void)unused;
	printf("子 %d\n", n);
	return NULL;
}

static void *wait_for_child(void *unused)
{
	(void)unused;
	waitpid(child, NULL, 0);
	return NULL;
}

static void run(void *(*what)(void *), void *argument)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, what, argument) != 0) {
		fprintf(stderr, "isolation: no thread\n");
		exit(1);
	}
	pthread_join(thread, NULL);
}

int main(int argc, char **argv)
{
	int value = 0;

	n = 100;
	if (argc == 3) {
		n = number(argv[1]);
		value = number(argv[2]);
	} else if (argc != 1) {
		fprintf(stderr, "usage: isolation START VALUE\n");
		return 2;
	}

	child = fork();
	if (child < 0) {
		perror("fork");
		return 1;
	}
	if (child == 0) {
		run(set, &value);
		run(tell, NULL);
		return 0;
	}
	run(wait_for_child, NULL);
	printf("主 %d\n", n);
	return 0;
}
