/* One process plays both parts. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

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
	int capacity = 3, items = 4, put = 0, got = 0;

	if (argc == 3) {
		capacity = count(argv[1]);
		items = count(argv[2]);
	} else if (argc != 1) {
		fprintf(stderr, "usage: queue CAPACITY ITEMS\n");
		return 2;
	}
	while (got < items) {
		while (put < items && put - got < capacity)
			printf("放入 item%d\n", put++);
		if (put < items)
			printf("篮子满了\n");
		sleep(1);
		printf("取出 item%d\n", got++);
	}
	printf("队列为空\n");
	return 0;
}
