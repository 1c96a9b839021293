/*
 * A helper process keeps the queue; putter and getter ask it over socket
 * pairs.  It answers a put when there is room, a get when there is an item.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PACKET 64

static int capacity = 3, items = 4;
static int put_end[2], get_end[2]; /* [0] the broker's */

static void broker(void)
{
	static char kept[10][PACKET];
	char waiting[PACKET];
	int first = 0, count = 0, put_waits = 0, get_waits = 0, served = 0;

	while (served < items) {
		struct pollfd fds[2] = {
			{.fd = put_waits ? -1 : put_end[0], .events = POLLIN},
			{.fd = get_waits ? -1 : get_end[0], .events = POLLIN},
		};
		char ask[PACKET];

		poll(fds, 2, -1);
		if (fds[0].revents) {
			if (recv(put_end[0], waiting, PACKET, 0) > 0)
				put_waits = 1;
			else
				put_waits = -1; /* it is gone */
		}
		if (put_waits == 1 && count == capacity)
			if (waiting[PACKET - 1] == 0) {
				send(put_end[0], "full", 4, 0);
				waiting[PACKET - 1] = 1;
			}
		if (fds[1].revents && recv(get_end[0], ask, PACKET, 0) > 0)
			get_waits = 1;
		if (get_waits && count > 0) {
			send(get_end[0], kept[first], PACKET, 0);
			first = (first + 1) % capacity;
			count--;
			served++;
			get_waits = 0;
		}
		if (put_waits == 1 && count < capacity) {
			waiting[PACKET - 1] = 0;
			memcpy(kept[(first + count) % capacity], waiting,
				PACKET);
			count++;
			put_waits = 0;
			send(put_end[0], "done", 4, 0);
		}
		if (get_waits && count > 0) {
			send(get_end[0], kept[first], PACKET, 0);
			first = (first + 1) % capacity;
			count--;
			served++;
			get_waits = 0;
			if (put_waits == 1) {
				waiting[PACKET - 1] = 0;
				memcpy(kept[(first + count) % capacity],
					waiting, PACKET);
				count++;
				put_waits = 0;
				send(put_end[0], "done", 4, 0);
			}
		}
	}
}

static void putter(void)
{
	char answer[4], line[100];

	for (int k = 0; k < items; k++) {
		char packet[PACKET] = "";

		if (fgets(line, sizeof(line), stdin))
			snprintf(packet, 61, "%s", strtok(line, "\n"));
		else
			snprintf(packet, 61, "item%d", k);
		send(put_end[1], packet, PACKET, 0);
		while (recv(put_end[1], answer, 4, 0) == 4 &&
			!memcmp(answer, "full", 4))
			printf("篮子满了\n");
		printf("放入 %s\n", packet);
	}
}

static void getter(void)
{
	char packet[PACKET];
	struct timespec second = {1, 0};

	for (int k = 0; k < items; k++) {
		nanosleep(&second, NULL);
		send(get_end[1], "get", 3, 0);
		recv(get_end[1], packet, PACKET, 0);
		printf("取出 %s\n", packet);
	}
	printf("队列为空\n");
}

static int run(void *role)
{
	void (*work)(void) = *(void (**)(void))role;

	work();
	fflush(stdout);
	return 0;
}

int main(int argc, char **argv)
{
	static void (*roles[])(void) = {broker, putter, getter};
	static char stacks[3][65536] __attribute__((aligned(16)));
	char *end;

	if (argc == 3) {
		capacity = (int)strtol(argv[1], &end, 10);
		if (*end || capacity < 1 || capacity > 10)
			return fprintf(stderr, "bad capacity\n"), 2;
		items = (int)strtol(argv[2], &end, 10);
		if (*end || items < 1)
			return fprintf(stderr, "bad count of items\n"), 2;
	} else if (argc != 1) {
		return fprintf(stderr, "two arguments or none\n"), 2;
	}
	socketpair(AF_UNIX, SOCK_SEQPACKET, 0, put_end);
	socketpair(AF_UNIX, SOCK_SEQPACKET, 0, get_end);
	for (int i = 0; i < 3; i++)
		clone(run, stacks[i] + sizeof(stacks[i]), SIGCHLD, &roles[i]);
	while (wait(NULL) > 0)
		;
	return 0;
}
