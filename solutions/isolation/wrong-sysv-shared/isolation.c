/*
 * The same with System V shared memory: main puts the old value back
 * before it prints.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

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
	int start = 100, value = 0;

	if (argc == 3) {
		start = number(argv[1]);
		value = number(argv[2]);
	} else if (argc != 1) {
		fprintf(stderr, "usage: isolation START VALUE\n");
		return 2;
	}

	int id = shmget(IPC_PRIVATE, sizeof(int), IPC_CREAT | 0600);
	int *n = shmat(id, NULL, 0);

	if (n == (void *)-1) {
		perror("shmat");
		return 1;
	}
	*n = start;

	if (fork() == 0) {
		*n = value;
		printf("子 %d\n", *n);
		exit(0);
	}
	wait(NULL);
	*n = start;
	printf("主 %d\n", *n);
	shmctl(id, IPC_RMID, NULL);
	return 0;
}
