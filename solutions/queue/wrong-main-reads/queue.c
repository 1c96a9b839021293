/* main reads the names, both children have them, only numbers are passed. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char names[1000][64];

static int count(const char *text, long most)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (end == text || *end || n < 1 || n > most) {
		fprintf(stderr, "queue: bad count\n");
		exit(2);
	}
	return (int)n;
}

int main(int argc, char **argv)
{
	int data[2], places[2], capacity = 3, items = 4, k;
	char byte = 0;

	if (argc == 3) {
		capacity = count(argv[1], 10);
		items = count(argv[2], 1000);
	} else if (argc != 1) {
		fprintf(stderr, "usage: queue CAPACITY ITEMS\n");
		return 2;
	}
	for (k = 0; k < items; k++) {
		if (!fgets(names[k], sizeof(names[k]), stdin))
			sprintf(names[k], "item%d", k);
		names[k][strcspn(names[k], "\n")] = 0;
	}
	if (pipe(data) || pipe(places))
		return 1;
	if (fork() == 0) {
		for (k = 0; k < items; k++) {
			if (k >= capacity) {
				struct pollfd room = {places[0], POLLIN, 0};

				if (poll(&room, 1, 0) == 0)
					printf("篮子满了\n");
				read(places[0], &byte, 1);
			}
			write(data[1], &byte, 1);
			printf("放入 %s\n", names[k]);
		}
		exit(0);
	}
	if (fork() == 0) {
		for (k = 0; k < items; k++) {
			sleep(1);
			read(data[0], &byte, 1);
			write(places[1], &byte, 1);
			printf("取出 %s\n", names[k]);
		}
		printf("队列为空\n");
		exit(0);
	}
	while (wait(NULL) > 0)
		;
	return 0;
}
