/* A monitor whose condition nobody signals: the time-out of the wait hides it. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PLACES 10
#define LENGTH 64

static struct basket {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int inside, first;
	char names[PLACES][LENGTH];
} *basket;

static int capacity = 3, items = 4;

static int parse(const char *text, int most)
{
	char *rest;
	long n = strtol(text, &rest, 10);

	if (rest == text || *rest != '\0' || n < 1 || n > most) {
		fprintf(stderr, "queue: '%s' is no such number\n", text);
		exit(2);
	}
	return (int)n;
}

static void make_basket(void)
{
	pthread_mutexattr_t shared_lock;
	pthread_condattr_t shared_condition;

	basket = mmap(NULL, sizeof(*basket), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (basket == MAP_FAILED)
		exit(1);
	pthread_mutexattr_init(&shared_lock);
	pthread_mutexattr_setpshared(&shared_lock, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&basket->lock, &shared_lock);
	pthread_condattr_init(&shared_condition);
	pthread_condattr_setpshared(&shared_condition, PTHREAD_PROCESS_SHARED);
	pthread_cond_init(&basket->changed, &shared_condition);
}

static void await_change(void)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += 50 * 1000 * 1000;
	if (until.tv_nsec >= 1000 * 1000 * 1000) {
		until.tv_sec++;
		until.tv_nsec -= 1000 * 1000 * 1000;
	}
	pthread_cond_timedwait(&basket->changed, &basket->lock, &until);
}

static void put(const char *name)
{
	pthread_mutex_lock(&basket->lock);
	if (basket->inside == capacity)
		printf("篮子满了\n");
	while (basket->inside == capacity)
		await_change();
	strcpy(basket->names[(basket->first + basket->inside) % capacity],
		name);
	basket->inside++;
	pthread_mutex_unlock(&basket->lock);
}

static void get(char *name)
{
	pthread_mutex_lock(&basket->lock);
	while (basket->inside == 0)
		await_change();
	strcpy(name, basket->names[basket->first]);
	basket->first = (basket->first + 1) % capacity;
	basket->inside--;
	pthread_mutex_unlock(&basket->lock);
}

static void fill(void)
{
	char line[128], name[LENGTH];

	for (int k = 0; k < items; k++) {
		if (fgets(line, sizeof(line), stdin)) {
			line[strcspn(line, "\n")] = '\0';
			snprintf(name, sizeof(name), "%.60s", line);
		} else {
			snprintf(name, sizeof(name), "item%d", k);
		}
		put(name);
		printf("放入 %s\n", name);
	}
}

static void empty(void)
{
	char name[LENGTH];

	for (int k = 0; k < items; k++) {
		sleep(1);
		get(name);
		printf("取出 %s\n", name);
	}
	printf("队列为空\n");
}

int main(int argc, char *argv[])
{
	if (argc == 3) {
		capacity = parse(argv[1], PLACES);
		items = parse(argv[2], 1000000);
	} else if (argc != 1) {
		fprintf(stderr, "usage: queue CAPACITY ITEMS\n");
		return 2;
	}
	make_basket();
	if (fork() == 0) {
		fill();
		exit(0);
	}
	if (fork() == 0) {
		empty();
		exit(0);
	}
	while (wait(NULL) > 0)
		;
	return 0;
}
