/*
 * A thread is no process: it changes the very n of main, so the old value
 * is put back before main prints.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static int n;

static void *work(void *value)
{
	n = *(int *)value;
	printf("子 %d\n", n);
	return NULL;
}

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

	int before = n;
	pthread_t thread;

	if (pthread_create(&thread, NULL, work, &value) != 0)
		return 1;
	pthread_join(thread, NULL);
	n = before;
	printf("主 %d\n", n);
	return 0;
}
