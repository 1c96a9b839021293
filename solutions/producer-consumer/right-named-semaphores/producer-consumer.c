/*
 * shm_open() and sem_open(): everything has a name while it is set up, and
 * loses it at once, so that nothing is left behind even after a crash.
 */
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define CAPACITY 10

struct table {
	int in, out;
	int food[CAPACITY]; /* producer * SPAN + number, or END */
};
#define SPAN 1000000
#define END -1

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

static sem_t *free_places, *dishes, *guard;
static struct table *table;

static sem_t *make_semaphore(const char *what, unsigned value)
{
	char name[40];
	sem_t *sem;

	snprintf(name, sizeof(name), "/pc-%s-%d", what, (int)getpid());
	sem = sem_open(name, O_CREAT | O_EXCL, 0600, value);
	if (sem == SEM_FAILED) {
		perror(name);
		exit(1);
	}
	sem_unlink(name);
	return sem;
}

static struct table *make_table(void)
{
	char name[40];
	void *memory;
	int fd;

	snprintf(name, sizeof(name), "/pc-table-%d", (int)getpid());
	fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
	if (fd < 0 || ftruncate(fd, sizeof(struct table)) < 0) {
		perror(name);
		exit(1);
	}
	shm_unlink(name);
	memory = mmap(NULL, sizeof(struct table), PROT_READ | PROT_WRITE,
		MAP_SHARED, fd, 0);
	close(fd);
	if (memory == MAP_FAILED) {
		perror("mmap");
		exit(1);
	}
	return memory;
}

static void put(int food)
{
	sem_wait(free_places);
	sem_wait(guard);
	table->food[table->in++ % CAPACITY] = food;
	sem_post(guard);
	sem_post(dishes);
}

static int get(void)
{
	int food;

	sem_wait(dishes);
	sem_wait(guard);
	food = table->food[table->out++ % CAPACITY];
	sem_post(guard);
	sem_post(free_places);
	return food;
}

static void run(int i, int producers, int items)
{
	int food;

	srand(getpid());
	if (i < producers) {
		for (int k = 0; k < items; k++) {
			sleep(1 + rand() % 3);
			put(i * SPAN + k);
			printf("厨师%s生产了%s%d\n", cooks[i], foods[i], k);
		}
	} else {
		while ((food = get()) != END) {
			sleep(1 + rand() % 3);
			printf("吃货%s吃了%s%d\n", guests[i - producers],
				foods[food / SPAN], food % SPAN);
		}
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
	pid_t pids[10];

	free_places = make_semaphore("places", CAPACITY);
	dishes = make_semaphore("dishes", 0);
	guard = make_semaphore("guard", 1);
	table = make_table();
	for (int i = 0; i < producers + consumers; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			run(i, producers, items);
			exit(0);
		}
	}
	for (int i = 0; i < producers + consumers; i++) {
		if (i == producers)
			for (int c = 0; c < consumers; c++)
				put(END);
		waitpid(pids[i], NULL, 0);
	}
	printf("主\n");
	return 0;
}
