/*
 * The ring is in shared memory; its three counters are eventfds in semaphore
 * mode, on which read() waits and write() posts.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define SIZE 6
#define END -1

static struct ring {
	unsigned in, out;
	struct {
		int producer, number;
	} slot[SIZE];
} * ring;
static int places, filled, mutex;

static const char *const cooks[] = {"大海", "中海", "小海", "东海", "西海"};
static const char *const foods[] = {
	"包子", "辣椒炒肉", "土豆丝", "馒头", "面条"};
static const char *const guests[] = {"夏洛", "西施", "貂蝉", "昭君", "玉环"};

static int parse(const char *text, int least)
{
	int value = 0;

	if (*text == '\0')
		return -1;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return -1;
		value = value * 10 + (*text - '0');
	}
	return value < least ? -1 : value;
}

static void down(int fd)
{
	uint64_t one;

	if (read(fd, &one, sizeof(one)) != sizeof(one))
		exit(1);
}

static void up(int fd)
{
	uint64_t one = 1;

	if (write(fd, &one, sizeof(one)) != sizeof(one))
		exit(1);
}

static void put(int producer, int number)
{
	down(places);
	down(mutex);
	ring->slot[ring->in % SIZE].producer = producer;
	ring->slot[ring->in % SIZE].number = number;
	ring->in++;
	up(mutex);
	up(filled);
}

static int get(int *number)
{
	int producer;

	down(filled);
	down(mutex);
	producer = ring->slot[ring->out % SIZE].producer;
	*number = ring->slot[ring->out % SIZE].number;
	ring->out++;
	up(mutex);
	up(places);
	return producer;
}

static int produce(int p, int count)
{
	for (int k = 0; k < count; k++) {
		sleep(1 + random() % 3);
		put(p, k);
		printf("厨师%s生产了%s%d\n", cooks[p], foods[p], k);
	}
	return 0;
}

static int consume(int c)
{
	int producer, number;

	while ((producer = get(&number)) != END) {
		sleep(1 + random() % 3);
		printf("吃货%s吃了%s%d\n", guests[c], foods[producer], number);
	}
	return 0;
}

int main(int argc, char **argv)
{
	int n[3] = {3, 2, 10};

	if (argc != 1 && argc != 4) {
		fputs("usage: producer-consumer PRODUCERS CONSUMERS ITEMS\n",
			stderr);
		exit(2);
	}
	for (int i = 1; i < argc; i++) {
		n[i - 1] = parse(argv[i], i < 3);
		if (n[i - 1] < 0 || (i < 3 && n[i - 1] > 5)) {
			fprintf(stderr, "producer-consumer: bad argument %d\n",
				i);
			exit(2);
		}
	}
	places = eventfd(SIZE, EFD_SEMAPHORE);
	filled = eventfd(0, EFD_SEMAPHORE);
	mutex = eventfd(1, EFD_SEMAPHORE);
	ring = mmap(NULL, sizeof(*ring), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (places < 0 || filled < 0 || mutex < 0 || ring == MAP_FAILED) {
		perror("eventfd or mmap");
		return 1;
	}

	pid_t pids[5];

	for (int p = 0; p < n[0]; p++)
		if ((pids[p] = fork()) == 0) {
			srandom(p + 1);
			return produce(p, n[2]);
		}
	for (int c = 0; c < n[1]; c++)
		if (fork() == 0) {
			srandom(c + 6);
			return consume(c);
		}
	for (int p = 0; p < n[0]; p++)
		waitpid(pids[p], NULL, 0);
	for (int c = 0; c < n[1]; c++)
		put(END, 0);
	while (wait(NULL) > 0)
		continue;
	puts("主");
	return 0;
}
