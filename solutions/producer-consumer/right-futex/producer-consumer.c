/*
 * Semaphores built from an atomic counter and the futex call, and with them
 * the classic ring.  A waiter looks again after every wake-up.
 */
#include <linux/futex.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define CAPACITY 2

struct shared {
	atomic_int places, dishes, mutex;
	int first, count;
	int producer[CAPACITY], number[CAPACITY];
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

static void down(atomic_int *semaphore)
{
	for (;;) {
		int value = atomic_load(semaphore);

		if (value == 0)
			syscall(SYS_futex, semaphore, FUTEX_WAIT, 0, NULL, NULL,
				0);
		else if (atomic_compare_exchange_strong(
				 semaphore, &value, value - 1))
			return;
	}
}

static void up(atomic_int *semaphore)
{
	atomic_fetch_add(semaphore, 1);
	syscall(SYS_futex, semaphore, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void put(struct shared *s, int producer, int number)
{
	down(&s->places);
	down(&s->mutex);
	int i = (s->first + s->count++) % CAPACITY;
	s->producer[i] = producer;
	s->number[i] = number;
	up(&s->mutex);
	up(&s->dishes);
}

static int get(struct shared *s, int *number)
{
	down(&s->dishes);
	down(&s->mutex);
	int producer = s->producer[s->first];
	*number = s->number[s->first];
	s->first = (s->first + 1) % CAPACITY;
	s->count--;
	up(&s->mutex);
	up(&s->places);
	return producer;
}

static void produce(struct shared *s, int p, int count)
{
	for (int k = 0; k < count; k++) {
		sleep(1);
		put(s, p, k);
		printf("厨师%s生产了%s%d\n", cooks[p], foods[p], k);
	}
}

static void consume(struct shared *s, int c)
{
	int p, k;

	while ((p = get(s, &k)) >= 0) {
		sleep(1);
		printf("吃货%s吃了%s%d\n", guests[c], foods[p], k);
	}
}

int main(int argc, char *argv[])
{
	int producers = 3, consumers = 2, items = 10;

	if (argc == 4) {
		producers = number(argv[1], 1, 5);
		consumers = number(argv[2], 1, 5);
		items = number(argv[3], 0, 100000);
	} else if (argc != 1) {
		fprintf(stderr, "usage: %s PRODUCERS CONSUMERS ITEMS\n",
			argv[0]);
		return 2;
	}
	pid_t cook[5];
	struct shared *s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (s == MAP_FAILED)
		return 1;
	s->places = CAPACITY;
	s->mutex = 1;
	for (int p = 0; p < producers; p++)
		if ((cook[p] = fork()) == 0) {
			produce(s, p, items);
			exit(0);
		}
	for (int c = 0; c < consumers; c++)
		if (fork() == 0) {
			consume(s, c);
			exit(0);
		}
	for (int p = 0; p < producers; p++)
		waitpid(cook[p], NULL, 0);
	for (int c = 0; c < consumers; c++)
		put(s, -1, 0);
	while (wait(NULL) > 0)
		;
	printf("主\n");
	return 0;
}
