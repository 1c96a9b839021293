/*
 * Each producer process has two threads: one cooks, the other carries the
 * dishes to a pipe.  main waits for the producers in threads as well.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct dish {
	int producer, number;
};

static const char *const cooks[] = {"大海", "中海", "小海", "东海", "西海"};
static const char *const foods[] = {
	"包子", "辣椒炒肉", "土豆丝", "馒头", "面条"};
static const char *const guests[] = {"夏洛", "西施", "貂蝉", "昭君", "玉环"};

/* The number in TEXT, or the end of the program when it is none. */
static int number(const char *text, long least, long most)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end != '\0' || value < least || value > most) {
		fprintf(stderr, "bad number '%s'\n", text);
		exit(2);
	}
	return (int)value;
}

/* A hand-over between the two threads of a producer. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int cooked, carried;

static int belt[2], items = 10;

static void *cook(void *unused)
{
	for (int k = 0; k < items; k++) {
		sleep(1 + rand() % 3);
		pthread_mutex_lock(&mutex);
		cooked++;
		pthread_cond_signal(&changed);
		while (carried < cooked)
			pthread_cond_wait(&changed, &mutex);
		pthread_mutex_unlock(&mutex);
	}
	return unused;
}

static void carry(int p)
{
	for (int k = 0; k < items; k++) {
		struct dish dish = {p, k};

		pthread_mutex_lock(&mutex);
		while (cooked <= k)
			pthread_cond_wait(&changed, &mutex);
		if (write(belt[1], &dish, sizeof(dish)) != sizeof(dish))
			exit(1);
		printf("厨师%s生产了%s%d\n", cooks[p], foods[p], k);
		carried++;
		pthread_cond_signal(&changed);
		pthread_mutex_unlock(&mutex);
	}
}

static void produce(int p)
{
	pthread_t thread;

	srand(p + 1);
	close(belt[0]);
	if (pthread_create(&thread, NULL, cook, NULL) != 0)
		exit(1);
	carry(p);
	pthread_join(thread, NULL);
}

static void consume(int c)
{
	struct dish dish;

	srand(c + 100);
	close(belt[1]);
	while (read(belt[0], &dish, sizeof(dish)) > 0) {
		sleep(1 + rand() % 3);
		printf("吃货%s吃了%s%d\n", guests[c], foods[dish.producer],
			dish.number);
	}
}

static void *wait_for(void *pid)
{
	waitpid(*(pid_t *)pid, NULL, 0);
	return NULL;
}

static void wait_for_all(pid_t *pids, int count)
{
	pthread_t waiters[5];

	for (int i = 0; i < count; i++)
		if (pthread_create(&waiters[i], NULL, wait_for, &pids[i]) != 0)
			exit(1);
	for (int i = 0; i < count; i++)
		pthread_join(waiters[i], NULL);
}

int main(int argc, char *argv[])
{
	int producers = 3, consumers = 2;
	pid_t cook_pids[5], guest_pids[5];

	if (argc == 4) {
		producers = number(argv[1], 1, 5);
		consumers = number(argv[2], 1, 5);
		items = number(argv[3], 0, 100000);
	} else if (argc != 1) {
		fprintf(stderr, "usage: %s PRODUCERS CONSUMERS ITEMS\n",
			argv[0]);
		return 2;
	}
	if (pipe(belt) < 0)
		return 1;
	for (int p = 0; p < producers; p++)
		if ((cook_pids[p] = fork()) == 0) {
			produce(p);
			exit(0);
		}
	for (int c = 0; c < consumers; c++)
		if ((guest_pids[c] = fork()) == 0) {
			consume(c);
			exit(0);
		}
	wait_for_all(cook_pids, producers);
	close(belt[1]);
	wait_for_all(guest_pids, consumers);
	printf("主\n");
	return 0;
}
