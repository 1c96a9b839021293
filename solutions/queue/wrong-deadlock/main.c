#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "basket.h"

static void say_full(void)
{
	printf("篮子满了\n");
}

static void put_items(struct basket *basket, int items)
{
	char name[NAME_MOST + 1];
	int named = 1, c;

	for (int k = 0; k < items; k++) {
		size_t n = 0;

		while (named && (c = getchar()) != EOF && c != '\n')
			if (n < NAME_MOST)
				name[n++] = (char)c;
		name[n] = '\0';
		if (n == 0) {
			named = 0;
			snprintf(name, sizeof(name), "item%d", k);
		}
		basket_put(basket, name, say_full);
		printf("放入%s\n", name);
	}
}

static void get_items(struct basket *basket, int items)
{
	char name[NAME_MOST + 1];

	for (int k = 0; k < items; k++) {
		sleep(1);
		basket_get(basket, name);
		printf("取出%s\n", name);
	}
	printf("队列为空\n");
}

static int read_count(const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (!*text || *end || n < 1) {
		fprintf(stderr, "queue: '%s' is not a count\n", text);
		exit(2);
	}
	return (int)n;
}

int main(int argc, char **argv)
{
	int capacity = argc == 3 ? read_count(argv[1]) : 3;
	int items = argc == 3 ? read_count(argv[2]) : 4;
	struct basket *basket;
	int status;

	if ((argc != 1 && argc != 3) || capacity > BASKET_MOST) {
		fprintf(stderr, "usage: queue CAPACITY(1-10) ITEMS\n");
		return 2;
	}
	basket = basket_new(capacity);
	/* the getter is the putter's child */
	if (fork() == 0) {
		if (fork() == 0) {
			get_items(basket, items);
			exit(0);
		}
		put_items(basket, items);
		wait(&status);
		exit(0);
	}
	wait(&status);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
