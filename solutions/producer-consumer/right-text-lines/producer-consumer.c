/*
 * Items are lines of text in a pipe.  A reader takes its line byte by byte
 * under flock(), on a file that each reader opens for itself; end of file is
 * the end.  Standard output is unbuffered.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOCK_FILE "reader.lock"

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

static void produce(FILE *out, int p, int count)
{
	srand(getpid());
	for (int k = 0; k < count; k++) {
		sleep(1 + rand() % 3);
		fprintf(out, "%s%d\n", foods[p], k);
		fflush(out);
		printf("厨师%s生产了%s%d\n", cooks[p], foods[p], k);
	}
}

/* Reads a line without its newline; returns 0 at end of file. */
static int read_line(int fd, char *line, size_t size)
{
	size_t length = 0;
	char c;

	while (length + 1 < size && read(fd, &c, 1) == 1) {
		if (c == '\n') {
			line[length] = '\0';
			return 1;
		}
		line[length++] = c;
	}
	return 0;
}

static void consume(int in, int c)
{
	int lock = open(LOCK_FILE, O_RDWR | O_CREAT, 0600);
	char food[64];
	int got;

	if (lock < 0) {
		perror(LOCK_FILE);
		exit(1);
	}
	srand(getpid());
	for (;;) {
		flock(lock, LOCK_EX);
		got = read_line(in, food, sizeof(food));
		flock(lock, LOCK_UN);
		if (!got)
			break;
		sleep(1 + rand() % 3);
		printf("吃货%s吃了%s\n", guests[c], food);
	}
	close(lock);
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
	int fds[2];

	setvbuf(stdout, NULL, _IONBF, 0);
	if (pipe(fds) < 0)
		return 1;
	for (int p = 0; p < producers; p++)
		if (fork() == 0) {
			close(fds[0]);
			produce(fdopen(fds[1], "w"), p, items);
			exit(0);
		}
	close(fds[1]);
	for (int c = 0; c < consumers; c++)
		if (fork() == 0) {
			consume(fds[0], c);
			exit(0);
		}
	while (wait(NULL) > 0)
		;
	unlink(LOCK_FILE);
	puts("主");
	return 0;
}
