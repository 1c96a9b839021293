/*
 * One voice: the children do the work and report it through a pipe, and main
 * prints all lines.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct record {
	int producer;
	int number;
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

static int report[2];

static void produce(int out, int p, int count)
{
	struct record record = {.producer = p};

	srandom(getpid());
	for (record.number = 0; record.number < count; record.number++) {
		sleep(random() % 3 + 1);
		if (write(out, &record, sizeof(record)) != sizeof(record)) {
			perror("write");
			exit(1);
		}
		dprintf(report[1], "厨师%s生产了%s%d\n", cooks[p], foods[p], record.number);
	}
}

static void consume(int in, int c)
{
	struct record record;

	srandom(getpid());
	while (read(in, &record, sizeof(record)) == sizeof(record)) {
		sleep(random() % 3 + 1);
		dprintf(report[1], "吃货%s吃了%s%d\n", guests[c], foods[record.producer],
			record.number);
	}
}

static void print_reports(void)
{
	FILE *in = fdopen(report[0], "r");
	char line[128];

	while (fgets(line, sizeof(line), in) != NULL)
		fputs(line, stdout);
	fclose(in);
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

	if (pipe(fds) < 0 || pipe(report) < 0) {
		perror("pipe");
		return 1;
	}
	for (int c = 0; c < consumers; c++) {
		if (fork() == 0) {
			close(fds[1]);
			consume(fds[0], c);
			exit(0);
		}
	}
	close(fds[0]);
	for (int p = 0; p < producers; p++) {
		if (fork() == 0) {
			produce(fds[1], p, items);
			exit(0);
		}
	}
	close(fds[1]);
	close(report[1]);
	print_reports();
	while (wait(NULL) > 0)
		;
	printf("主\n");
	return 0;
}
