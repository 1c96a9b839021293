/*
 * Shared memory is there for a semaphore alone: main lets the child begin,
 * the child says when it has spoken.  n stays where it was.
 */
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct meeting {
	sem_t go, spoken;
	int rounds;
};

static int n;

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

	struct meeting *meeting = mmap(NULL, sizeof(*meeting),
		PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (meeting == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	sem_init(&meeting->go, 1, 0);
	sem_init(&meeting->spoken, 1, 0);
	if (fork() == 0) {
		sem_wait(&meeting->go);
		n = value;
		printf("子 %d\n", n);
		fflush(stdout);
		meeting->rounds++;
		sem_post(&meeting->spoken);
		return 0;
	}
	sem_post(&meeting->go);
	sem_wait(&meeting->spoken);
	wait(NULL);
	printf("主 %d\n", n);
	return meeting->rounds == 1 ? 0 : 1;
}
