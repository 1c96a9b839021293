/* A pipe: 64 KiB of room, whatever CAPACITY says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct record {
	char name[64];
};

static int count(const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (end == text || *end || n < 1) {
		fprintf(stderr, "queue: bad count\n");
		exit(2);
	}
	return (int)n;
}

int main(int argc, char **argv)
{
	int fds[2], capacity = 3, items = 4, inside = 0;
	struct record record;

	if (argc == 3) {
		capacity = count(argv[1]);
		items = count(argv[2]);
	} else if (argc != 1) {
		fprintf(stderr, "usage: queue CAPACITY ITEMS\n");
		return 2;
	}
	if (pipe(fds))
		return 1;
	if (fork() == 0) {
		for (int k = 0; k < items; k++) {
			memset(&record, 0, sizeof(record));
			if (fgets(record.name, sizeof(record.name), stdin))
				record.name[strcspn(record.name, "\n")] = 0;
			else
				sprintf(record.name, "item%d", k);
			if (++inside > capacity)
				printf("篮子满了\n");
			write(fds[1], &record, sizeof(record));
			printf("放入 %s\n", record.name);
		}
		exit(0);
	}
	if (fork() == 0) {
		for (int k = 0; k < items; k++) {
			sleep(1);
			read(fds[0], &record, sizeof(record));
			printf("取出 %s\n", record.name);
		}
		printf("队列为空\n");
		exit(0);
	}
	wait(NULL);
	wait(NULL);
	return 0;
}
