/*
 * Shared memory and two signals: "there is room" and "there is an item".
 * Both are blocked and are taken only in sigsuspend, so none is missed.
 */
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct shared {
	atomic_int put, got;
	atomic_int putter, getter; /* process numbers */
	char name[10][61];
};

static struct shared *shared;
static int capacity = 3, items = 4;

static void nothing(int signal)
{
	(void)signal;
}

static void putter(const sigset_t *open)
{
	char text[63];

	shared->putter = getpid();
	for (int k = 0; k < items; k++) {
		char *place = shared->name[k % capacity];

		while (k - shared->got == capacity) {
			printf("篮子满了\n");
			sigsuspend(open);
		}
		if (fgets(text, sizeof(text), stdin) == NULL)
			sprintf(text, "item%d", k);
		text[strcspn(text, "\n")] = '\0';
		strcpy(place, text);
		shared->put = k + 1;
		if (shared->getter)
			kill(shared->getter, SIGUSR1);
		printf("放入 %s\n", text);
	}
}

static void getter(const sigset_t *open)
{
	shared->getter = getpid();
	for (int k = 0; k < items; k++) {
		char text[61];

		sleep(1);
		while (shared->put == k)
			sigsuspend(open);
		strcpy(text, shared->name[k % capacity]);
		shared->got = k + 1;
		if (shared->putter)
			kill(shared->putter, SIGUSR1);
		printf("取出 %s\n", text);
	}
	printf("队列为空\n");
}

static int parse(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (*text == '\0' || *end != '\0' || value < 1) {
		fprintf(stderr, "queue: bad argument '%s'\n", text);
		exit(2);
	}
	return (int)value;
}

int main(int argc, char *argv[])
{
	sigset_t ours, open;
	pid_t one, two;

	if (argc == 3) {
		capacity = parse(argv[1]);
		items = parse(argv[2]);
	} else if (argc != 1) {
		fputs("usage: queue CAPACITY ITEMS\n", stderr);
		return 2;
	}
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	signal(SIGUSR1, nothing);
	sigemptyset(&ours);
	sigaddset(&ours, SIGUSR1);
	sigprocmask(SIG_BLOCK, &ours, &open);
	if ((one = fork()) == 0) {
		putter(&open);
		exit(0);
	}
	if ((two = fork()) == 0) {
		getter(&open);
		exit(0);
	}
	/* the putter is reaped last: the getter may signal it until it ends */
	waitpid(two, NULL, 0);
	waitpid(one, NULL, 0);
	return 0;
}
