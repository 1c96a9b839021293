/*
 * A sequenced-packet socket pair keeps the borders of messages and their
 * order.  Reading zero bytes means that nobody can send any more: the end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

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

static void produce(int sock, int p, int count)
{
	char food[64];

	srand(getpid());
	for (int k = 0; k < count; k++) {
		int length = sprintf(food, "%s%d", foods[p], k);

		sleep(1 + rand() % 3);
		if (send(sock, food, length, MSG_NOSIGNAL) != length) {
			perror("send");
			exit(1);
		}
		printf("厨师%s生产了%s\n", cooks[p], food);
	}
}

static void consume(int sock, int c)
{
	char food[64];
	ssize_t length;

	srand(getpid());
	while ((length = recv(sock, food, sizeof(food), 0)) > 0) {
		sleep(1 + rand() % 3);
		printf("吃货%s吃了%.*s\n", guests[c], (int)length, food);
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
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) < 0) {
		perror("socketpair");
		return 1;
	}
	for (int p = 0; p < producers; p++)
		if (fork() == 0) {
			close(pair[1]);
			produce(pair[0], p, items);
			exit(0);
		}
	close(pair[0]);
	for (int c = 0; c < consumers; c++)
		if (fork() == 0) {
			consume(pair[1], c);
			exit(0);
		}
	while (wait(NULL) > 0)
		;
	printf("主\n");
	return 0;
}
