/* A consumer leaves when nothing comes for a while. */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct record {
	int p, k;
};

static const char *const cooks[] = {"大海", "中海", "小海", "东海", "西海"};
static const char *const foods[] = {
	"包子", "辣椒炒肉", "土豆丝", "馒头", "面条"};
static const char *const guests[] = {"夏洛", "西施", "貂蝉", "昭君", "玉环"};

static int n[3] = {3, 2, 10};
static int items[2], done[2];

static void work(unsigned *seed)
{
	sleep(1 + rand_r(seed) % 3);
}

static void producer(int p)
{
	unsigned seed = p * 7 + 1;

	for (int k = 0; k < n[2]; k++) {
		struct record record = {p, k};

		work(&seed);
		if (write(items[1], &record, sizeof record) < 0)
			exit(1);
		printf("厨师%s生产了%s%d\n", cooks[p], foods[p], k);
	}
	exit(0);
}

static void consumer(int c)
{
	unsigned seed = c * 31 + 5;
	struct record record;

	struct pollfd any = {items[0], POLLIN, 0};

	close(items[1]);
	while (poll(&any, 1, 4000) > 0 &&
		read(items[0], &record, sizeof record) == sizeof record) {
		work(&seed);
		printf("吃货%s吃了%s%d\n", guests[c], foods[record.p],
			record.k);
		fflush(stdout);
		if (write(done[1], "", 1) < 0)
			exit(1);
	}
	exit(0);
}

int main(int argc, char **argv)
{
	struct timespec t0, t1;
	char byte, *end;
	int status, running;

	clock_gettime(CLOCK_REALTIME, &t0);
	if (argc != 1 && argc != 4)
		goto wrong;
	for (int i = 1; i < argc; i++) {
		long v = strtol(argv[i], &end, 10);

		if (*argv[i] == 0 || *end || v < (i < 3) || (i < 3 && v > 5))
			goto wrong;
		n[i - 1] = (int)v;
	}
	if (pipe(items) || pipe(done))
		return 1;
	for (int c = 0; c < n[1]; c++)
		if (!fork())
			consumer(c);
	for (int p = 0; p < n[0]; p++)
		if (!fork())
			producer(p);
	for (running = n[0]; running > 0; running--)
		if (wait(&status) < 0 || !WIFEXITED(status))
			return 1;
	for (int left = n[0] * n[2]; left > 0; left--)
		if (read(done[0], &byte, 1) != 1)
			return 1;
	clock_gettime(CLOCK_REALTIME, &t1);
	printf("主 %.1f\n",
		(double)(t1.tv_sec - t0.tv_sec) +
			(double)(t1.tv_nsec - t0.tv_nsec) * 1e-9);
	return 0;
wrong:
	fprintf(stderr, "usage: joinable-queue PRODUCERS CONSUMERS ITEMS\n");
	return 2;
}
