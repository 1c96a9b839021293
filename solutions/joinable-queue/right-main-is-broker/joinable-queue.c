/*
 * Main itself is the queue: it polls the producers' pipes, and serves each
 * consumer over a socket pair.  A consumer that asks again reports so that its
 * last item is done.  The sockets end with main.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct food {
	int p, k;
};

static char *cook_names[5] = {"大海", "中海", "小海", "东海", "西海"};
static char *food_names[5] = {"包子", "辣椒炒肉", "土豆丝", "馒头", "面条"};
static char *guest_names[5] = {"夏洛", "西施", "貂蝉", "昭君", "玉环"};

static int made[5], guest[5]; /* main's ends */
static int producers = 3, consumers = 2, items = 10;

static void start_cook(int p)
{
	int ends[2];

	if (pipe(ends))
		exit(1);
	if (fork() == 0) {
		for (int i = 0; i < p; i++)
			close(made[i]);
		close(ends[0]);
		srandom(p + 17);
		for (int k = 0; k < items; k++) {
			sleep(1 + random() % 3);
			write(ends[1], &(struct food){p, k},
				sizeof(struct food));
			printf("厨师%s生产了%s%d\n", cook_names[p],
				food_names[p], k);
		}
		exit(0);
	}
	close(ends[1]);
	made[p] = ends[0];
}

static void start_guest(int c)
{
	int ends[2];
	struct food food;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends))
		exit(1);
	if (fork() == 0) {
		for (int i = 0; i < producers; i++)
			close(made[i]);
		for (int i = 0; i < c; i++)
			close(guest[i]);
		close(ends[0]);
		srandom(c + 99);
		while (send(ends[1], "?", 1, MSG_NOSIGNAL) == 1 &&
			recv(ends[1], &food, sizeof(food), 0) ==
				sizeof(food)) {
			sleep(1 + random() % 3);
			printf("吃货%s吃了%s%d\n", guest_names[c],
				food_names[food.p], food.k);
			fflush(stdout);
		}
		exit(0);
	}
	close(ends[1]);
	guest[c] = ends[0];
}

/* Returns when all that was made has been eaten. */
static void serve(void)
{
	struct food *queue = calloc(producers * items + 1, sizeof(*queue));
	int head = 0, tail = 0, open_ends = producers, eating = 0;
	int asks[5] = {0}, busy[5] = {0};
	struct pollfd fds[10];

	while (open_ends > 0 || head < tail || eating > 0) {
		for (int i = 0; i < 10; i++)
			fds[i] = (struct pollfd){.fd = i < 5 ? made[i]
							     : guest[i - 5],
				.events = POLLIN};
		poll(fds, 5 + consumers, -1);
		for (int i = 0; i < producers; i++)
			if (made[i] >= 0 && fds[i].revents &&
				read(made[i], &queue[tail], sizeof(*queue)) !=
					sizeof(*queue)) {
				close(made[i]);
				made[i] = -1;
				open_ends--;
			} else if (made[i] >= 0 && fds[i].revents) {
				tail++;
			}
		for (int i = 0; i < consumers; i++) {
			char ask;

			if (fds[5 + i].revents &&
				recv(guest[i], &ask, 1, 0) == 1) {
				asks[i] = 1;
				eating -= busy[i];
				busy[i] = 0;
			}
			if (asks[i] && head < tail) {
				send(guest[i], &queue[head++], sizeof(*queue),
					0);
				asks[i] = 0;
				busy[i] = 1;
				eating++;
			}
		}
	}
	free(queue);
}

static double seconds(void)
{
	struct timespec now;

	timespec_get(&now, TIME_UTC);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static int parse(char *text, int least, int most)
{
	char *rest;
	long v = strtol(text, &rest, 10);

	if (rest == text || *rest || v < least || v > most)
		exit((fprintf(stderr, "bad argument\n"), 2));
	return v;
}

int main(int argc, char **argv)
{
	double begin = seconds();

	if (argc == 4) {
		producers = parse(argv[1], 1, 5);
		consumers = parse(argv[2], 1, 5);
		items = parse(argv[3], 0, 9999);
	} else if (argc > 1) {
		fprintf(stderr, "three arguments or none\n");
		return 2;
	}
	for (int i = 0; i < 5; i++)
		made[i] = guest[i] = -1;
	for (int i = 0; i < producers; i++)
		start_cook(i);
	for (int i = 0; i < consumers; i++)
		start_guest(i);
	/* whoever serves does not wait for a child at the same time */
	serve();
	for (int i = 0; i < producers; i++)
		wait(NULL);
	printf("主 %g\n", seconds() - begin);
	return 0;
}
